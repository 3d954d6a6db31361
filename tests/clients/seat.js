// An application's side: what a program that sits at one seat of the lab does with Microsoft's clients.
//
//   node seat.js PLAN
//
// PLAN is a JSON file: the keys that the program was given, and the steps to take. One line of JSON comes out for each step:
// what came of it, as the program sees it. Nothing here knows of a lab: names, identities and authorities are the
// surroundings'.
'use strict';

const dns = require('node:dns/promises');
const fs = require('node:fs');
const {
  DefaultAzureCredential,
  EnvironmentCredential,
  ManagedIdentityCredential,
  getBearerTokenProvider,
} = require('@azure/identity');
const { AzureKeyCredential, SearchClient, SearchIndexClient, SearchIndexerClient } = require('@azure/search-documents');
const blobs = require('@azure/storage-blob');
const { AzureOpenAI } = require('openai');

const plan = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

const hosts = {
  storage: 'strag.blob.core.windows.net',
  search: 'search-rag.search.windows.net',
  foundry: 'foundry-rag.openai.azure.com',
};
const container = 'docs';
const index = 'docs';

const credentials = { DefaultAzureCredential, EnvironmentCredential, ManagedIdentityCredential };
const token = new credentials[plan.credential]();

// ---- Storage

const sharedKey = new blobs.StorageSharedKeyCredential('strag', plan.keys.storage);

function sasFor(signer, account) {
  const now = Date.now();
  const wanted = {
    containerName: container,
    permissions: blobs.ContainerSASPermissions.parse('racwl'),
    startsOn: new Date(now - 60_000),
    expiresOn: new Date(now + 600_000),
  };
  return blobs.generateBlobSASQueryParameters(wanted, signer, account).toString();
}

async function delegationKey() {
  const service = new blobs.BlobServiceClient(`https://${hosts.storage}`, token);
  const now = Date.now();
  return service.getUserDelegationKey(new Date(now - 60_000), new Date(now + 600_000));
}

// A delegation key is asked for with a token. Where that is refused, so would be everything after it.
async function containerFor(as) {
  const url = `https://${hosts.storage}/${container}`;
  if (as === 'key') return new blobs.ContainerClient(url, sharedKey);
  if (as === 'sas') return new blobs.ContainerClient(`${url}?${sasFor(sharedKey)}`);
  if (as === 'delegated sas') return new blobs.ContainerClient(`${url}?${sasFor(await delegationKey(), 'strag')}`);
  return new blobs.ContainerClient(url, token);
}

// ---- AI Search and Foundry

const fields = [
  { name: 'id', type: 'Edm.String', key: true },
  { name: 'content', type: 'Edm.String', searchable: true },
];

const embedding = {
  name: 'embedding',
  type: 'Collection(Edm.Single)',
  searchable: true,
  vectorSearchDimensions: 8,
  vectorSearchProfileName: 'plain',
};
const embedded = {
  fields: [...fields, embedding],
  vectorSearch: { algorithms: [{ name: 'hnsw', kind: 'hnsw' }], profiles: [{ name: 'plain', algorithmConfigurationName: 'hnsw' }] },
};

function skillset(name, { resourceUrl, apiKey }) {
  const skill = {
    odatatype: '#Microsoft.Skills.Text.AzureOpenAIEmbeddingSkill',
    context: '/document',
    resourceUrl,
    apiKey,
    deploymentId: 'text-embedding-3-small',
    modelName: 'text-embedding-3-small',
    dimensions: 8,
    inputs: [{ name: 'text', source: '/document/content' }],
    outputs: [{ name: 'embedding', targetName: 'embedding' }],
  };
  return { name, skills: [skill] };
}

function searchCredential(as) {
  return as === 'key' ? new AzureKeyCredential(plan.keys.search) : token;
}

function searchClient(as) {
  return new SearchClient(`https://${hosts.search}`, index, searchCredential(as));
}

function openai(as) {
  const endpoint = `https://${hosts.foundry}`;
  const apiVersion = '2024-10-21';
  if (as === 'key') return new AzureOpenAI({ endpoint, apiVersion, apiKey: plan.keys.foundry });
  const azureADTokenProvider = getBearerTokenProvider(token, 'https://cognitiveservices.azure.com/.default');
  return new AzureOpenAI({ endpoint, apiVersion, azureADTokenProvider });
}

function expect(holds, what) {
  if (!holds) throw new Error(`the answer is not what was asked for: ${what}`);
}

// What Azure's clients give to look at the answer with; `seen` keeps its fields.
function watching(seen) {
  return { onResponse: (raw) => { seen.headers = raw.headers; } };
}

// The first page is enough: it is a call.
async function firstPage(pages) {
  for await (const page of pages) return page;
  return undefined;
}

const steps = {
  async upload(as, seen) {
    const text = `${plan.seat} was here, with ${as}`;
    const blob = (await containerFor(as)).getBlockBlobClient(`${plan.seat}/${as}.txt`);
    seen.headers = (await blob.upload(text, Buffer.byteLength(text)))._response.headers;
  },
  async download(as, seen) {
    const blob = (await containerFor(as)).getBlobClient('handbook.txt');
    const answer = await blob.download();
    seen.headers = answer._response.headers;
    const chunks = [];
    for await (const chunk of answer.readableStreamBody) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString() === plan.handbook, 'handbook.txt');
  },
  async list(as, seen) {
    const page = await firstPage((await containerFor(as)).listBlobsFlat().byPage());
    seen.headers = page._response.headers;
    expect(page.segment.blobItems.some((item) => item.name === 'handbook.txt'), 'handbook.txt in a list');
  },
  async define(as, seen) {
    const client = new SearchIndexClient(`https://${hosts.search}`, searchCredential(as));
    const made = await client.createOrUpdateIndex({ name: index, fields }, watching(seen));
    expect(made.name === index, 'the index');
  },
  async index(as, seen) {
    const document = { id: `${plan.seat}-${as}`.replace(/\W/g, '-'), content: `indexed by ${plan.seat}` };
    const answer = await searchClient(as).uploadDocuments([document], watching(seen));
    expect(answer.results.every((one) => one.succeeded), 'a document indexed');
  },
  async retrieve(as, seen) {
    const found = await searchClient(as).search('perimeter', { select: ['id', 'content'], ...watching(seen) });
    const passages = [];
    for await (const one of found.results) passages.push(one.document);
    expect(passages.some((one) => one.id === 'handbook' && one.content === plan.handbook), 'the handbook');
  },
  async chat(as, seen) {
    const messages = [
      { role: 'system', content: plan.handbook },
      { role: 'user', content: 'What is a perimeter?' },
    ];
    const called = openai(as).chat.completions.create({ model: 'gpt-4o', messages });
    const { data, response } = await called.withResponse();
    seen.headers = response.headers;
    expect(data.choices[0].message.role === 'assistant' && data.choices[0].message.content.length > 0, 'a reply');
    expect(data.usage.total_tokens > 0, 'tokens counted');
  },
  async stream(as, seen) {
    const messages = [{ role: 'user', content: 'What is a perimeter?' }];
    const called = openai(as).chat.completions.create({ model: 'gpt-4o', messages, stream: true });
    const { data, response } = await called.withResponse();
    seen.headers = response.headers;
    let reply = '';
    for await (const part of data) reply += part.choices[0]?.delta?.content ?? '';
    expect(reply.length > 0, 'a reply in parts');
  },
  async embed(as, seen) {
    const called = openai(as).embeddings.create({ model: 'text-embedding-3-small', input: plan.handbook });
    const { data, response } = await called.withResponse();
    seen.headers = response.headers;
    expect(data.data.length === 1 && data.data[0].embedding.length > 0, 'a vector');
  },
  async models(as, seen) {
    const { data, response } = await openai(as).models.list().withResponse();
    seen.headers = response.headers;
    expect(data.data.some((model) => model.id === 'gpt-4o'), 'gpt-4o among the models');
  },
  async probe(as, seen) {
    const answer = await (await containerFor(as)).getBlobClient('handbook.txt').getProperties();
    seen.headers = answer._response.headers;
    expect(answer.contentLength === Buffer.byteLength(plan.handbook), 'the length of handbook.txt');
  },
  // Has the search service read the blobs by itself, and tells how that ended.
  async 'indexer run'(as, seen) {
    const { name, connectionString, embedding } = plan.work[as];
    const endpoint = `https://${hosts.search}`;
    const indexers = new SearchIndexerClient(endpoint, searchCredential('key'));
    const dataSource = { name, type: 'azureblob', connectionString, container: { name: container } };
    await indexers.createOrUpdateDataSourceConnection(dataSource);
    if (embedding) await indexers.createOrUpdateSkillset(skillset(name, embedding));
    await new SearchIndexClient(endpoint, searchCredential('key')).createOrUpdateIndex({ name, ...embedded });
    await indexers.createOrUpdateIndexer({
      name,
      dataSourceName: name,
      targetIndexName: name,
      skillsetName: embedding ? name : undefined,
      outputFieldMappings: embedding ? [{ sourceFieldName: '/document/embedding', targetFieldName: 'embedding' }] : [],
    });
    // A new indexer runs at once.
    for (let tries = 0; tries < 100; ++tries) {
      const { lastResult } = await indexers.getIndexerStatus(name);
      if (lastResult && lastResult.status !== 'inProgress') {
        seen.ended = { status: lastResult.status, items: lastResult.itemCount, why: lastResult.errorMessage ?? '' };
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('the indexer does not come to an end');
  },
  // What the test needs before anybody else comes.
  async prepare(as) {
    const docs = await containerFor(as);
    await docs.createIfNotExists();
    await docs.getBlockBlobClient('handbook.txt').upload(plan.handbook, Buffer.byteLength(plan.handbook));
    await steps.define(as, {});
    await searchClient(as).uploadDocuments([{ id: 'handbook', content: plan.handbook }]);
  },
};

// ---- What came of a step

function failure(error) {
  const headers = error.response?.headers ?? error.headers;
  return {
    error: error.constructor.name === 'Error' ? error.name : error.constructor.name,
    status: error.statusCode ?? error.status,
    // An answer to HEAD has no body: Azure's clients read the code from its headers.
    code: error.code ?? error.details?.errorCode,
    message: error.message,
    clause: headers?.get?.('x-nspsim-clause'),
  };
}

async function take({ step, as }) {
  const seen = {};
  try {
    await steps[step](as, seen);
    return { step, as, ok: true, clause: seen.headers?.get('x-nspsim-clause'), ended: seen.ended };
  } catch (error) {
    return { step, as, ok: false, ...failure(error) };
  }
}

// Of each host; none where another resolves it, as a proxy does.
async function addresses() {
  const found = {};
  for (const [service, host] of Object.entries(hosts)) {
    found[service] = await dns.lookup(host).then((answer) => answer.address, () => undefined);
  }
  return found;
}

async function main() {
  console.log(JSON.stringify(await addresses()));
  for (const one of plan.steps) console.log(JSON.stringify(await take(one)));
}

main();
