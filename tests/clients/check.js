// Tries real clients on a lab and compares what they come back with to outcomes.md.
//
//   NODE_PATH=… node check.js NSPSIM FOLDER [OPTION OF lab up…]
//
// Both are absolute paths.
//
// Each seat's program runs in a network namespace in both modes, and in Enforced through the lab's proxy, too, as all of these
// clients can but one: that of the models uses Node's own fetch, which reads no proxy variables. Where namespaces are not
// permitted the proxy is all there is, and it says so. Everything that it writes is in FOLDER.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Lab, run, source } = require('./lab.js');
const { kModes, readOutcomes } = require('./outcomes.js');

const [nspsim, folder, ...labOptions] = process.argv.slice(2);
const handbook = 'A perimeter admits what its rules admit.';
const hosts = {
  blobs: { service: 'Storage', resource: 'strag', name: 'strag.blob.core.windows.net', at: 'storage' },
  documents: { service: 'AI Search', resource: 'search-rag', name: 'search-rag.search.windows.net', at: 'search' },
  models: { service: 'Foundry', resource: 'foundry-rag', name: 'foundry-rag.openai.azure.com', at: 'foundry' },
};
const atOnce = 3; // programs at a time
const mostTold = 40;

let compared = 0;
const failures = [];

function compare(got, expected, what) {
  ++compared;
  if (got !== expected) failures.push(`${what}: got \`${got}\`, expected \`${expected}\``);
}

const where = (row, { mode, way }, step) => `outcomes.md:${row.line}: ${row.seat} as ${row.as}, ${step}, ${mode}, by ${way}`;

// ---- What the engine says

function attemptOf(row) {
  const { resource, name } = hosts[row.group];
  return { from: row.seat, to: resource, name, credential: credentialOf(row.as) };
}

const credentialOf = (as) => (as === 'delegated sas' ? 'sas' : as);

// The decisions of a mode, in the order of the attempts.
async function decide(environment, attempts) {
  const input = attempts.map((attempt, id) => `${JSON.stringify({ id: `${id}`, ...attempt })}\n`).join('');
  const words = ['eval', '--env', environment, '--callers', path.join(source, 'callers.json'), '-'];
  const { status, out, err } = await run(nspsim, words, { input });
  if (status !== 0) throw new Error(`nspsim eval: ${status}: ${err}${out}`);
  return out.trim().split('\n').map((line) => JSON.parse(line));
}

const legOf = (decision, direction) => decision.legs.find((leg) => leg.direction === direction);

function compareDecision(row, mode, decision) {
  const cell = row.cells[mode];
  const what = `outcomes.md:${row.line}: ${row.seat} as ${row.as}, ${row.group}, ${mode}`;
  compare(decision.verdict, cell.outcome === 'ok' ? 'allow' : 'deny', `${what}, nspsim eval's verdict`);
  compare(legOf(decision, 'inbound').clause, cell.clause, `${what}, nspsim eval's clause`);
}

// ---- What the clients say

// Runs a seat's steps; the answers in their order.
async function takeSteps({ lab, way }, seat, plan) {
  const file = path.join(folder, `${seat.seat}-${way}.json`);
  fs.writeFileSync(file, JSON.stringify({ ...plan, seat: seat.seat, credential: seat.credential, handbook }), { mode: 0o600 });
  const program = [process.execPath, path.join(source, 'seat.js'), file];
  // A virtual machine has no App Service beside it. Its metadata service is where only a namespace can put it.
  const alone = seat.metadata && way === 'namespace';
  const command = alone ? ['env', '-u', 'IDENTITY_ENDPOINT', '-u', 'IDENTITY_HEADER', ...program] : program;
  const { status, out, err } = await lab.as(seat.seat, way === 'namespace' ? 'yes' : 'no', command);
  if (status !== 0) throw new Error(`${seat.seat}: ${status}: ${err}${out}`);
  const [addresses, ...answers] = out.trim().split('\n').map((line) => JSON.parse(line));
  return { addresses, answers };
}

const outcomeOf = (answer) => (answer.ok ? 'ok' : [answer.error, answer.status, answer.code].filter(Boolean).join(' '));

// The path that a call takes, as its name resolves.
function comparePath(row, context, address) {
  const path = `${address}`.startsWith('127.78.') ? 'private endpoint' : 'public';
  compare(path, row.path, `${where(row, context, 'the name')}, the path`);
}

function compareAnswer(row, context, { step, ...answer }) {
  const cell = row.cells[context.mode];
  const what = where(row, context, step);
  compare(outcomeOf(answer), cell.outcome, answer.message ? `${what} (${answer.message})` : what);
  compare(answer.clause, cell.clause, `${what}, the clause that the answer names`);
  const told = context.outcomes.messages.find((one) => one.service === hosts[row.group].service && one.clause === cell.clause);
  // An answer to HEAD has no text.
  if (!told || answer.ok || step === 'probe') return;
  compare(`${answer.message}`.includes(told.message), true, `${what}, \`${answer.message}\` says \`${told.message}\``);
}

// Every row of one seat that can be tried this way.
async function trySeat(seat, context) {
  const { outcomes, keys, way } = context;
  const rows = outcomes.calls.filter((row) => row.seat === seat.seat && (way === 'namespace' || row.group !== 'models'));
  const steps = rows.flatMap((row) => outcomes.steps[row.group].map((step) => ({ row, step })));
  const plan = { keys, steps: steps.map(({ row, step }) => ({ step, as: row.as })) };
  const { addresses, answers } = await takeSteps(context, seat, plan);
  compare(answers.length, steps.length, `${seat.seat}, ${context.mode}: answers`);
  if (way === 'namespace') rows.forEach((row) => comparePath(row, context, addresses[hosts[row.group].at]));
  answers.forEach((answer, i) => compareAnswer(steps[i].row, context, answer));
}

// ---- What services do themselves

function connectionString(row, keys) {
  const scope = '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rag';
  if (row.readsAs === 'managed identity') return `ResourceId=${scope}/providers/Microsoft.Storage/storageAccounts/${row.reads};`;
  return `DefaultEndpointsProtocol=https;AccountName=${row.reads};AccountKey=${keys.storage};EndpointSuffix=core.windows.net`;
}

function workOf(row, mode, keys) {
  const name = `work-${row.line}-${mode}`.toLowerCase();
  const work = { name, connectionString: connectionString(row, keys) };
  if (!row.embeds) return work;
  const apiKey = row.embedsAs === 'key' ? keys.foundry : undefined;
  return { ...work, embedding: { resourceUrl: `https://${row.embeds}.openai.azure.com`, apiKey } };
}

// The attempt that decides: the last one that the indexer makes.
function decisiveAttempt({ reads, readsAs, embeds, embedsAs }) {
  return { from: 'search-rag', to: embeds || reads, credential: embeds ? embedsAs : readsAs };
}

async function tryWork(seat, context) {
  const { mode, outcomes, keys, environment } = context;
  const work = Object.fromEntries(outcomes.work.map((row, i) => [`${i}`, workOf(row, mode, keys)]));
  const steps = outcomes.work.map((row, i) => ({ step: 'indexer run', as: `${i}` }));
  const { answers } = await takeSteps(context, seat, { keys, work, steps });
  const decisions = await decide(environment, outcomes.work.map(decisiveAttempt));
  outcomes.work.forEach((row, i) => compareWork(row, mode, answers[i], decisions[i]));
}

function compareWork(row, mode, answer, decision) {
  const cell = row.cells[mode];
  const what = `outcomes.md:${row.line}: an indexer's run, ${mode}`;
  const { ended } = answer;
  compare(ended?.status ?? outcomeOf(answer), cell.outcome, `${what} (${ended?.why ?? answer.message})`);
  if (ended?.status === 'success') compare(ended.items > 0, true, `${what}: blobs read`);
  compare(decision.verdict, cell.outcome === 'success' ? 'allow' : 'deny', `${what}, nspsim eval's verdict`);
  compare(legOf(decision, 'outbound').clause, cell.clause, `${what}, nspsim eval's clause`);
}

// ---- The whole

// A mode for all associations: as the lab is told, and as a document says it.
async function enter(lab, mode) {
  await lab.tell('set', `accessMode=${mode}`, '--association', '*');
  const text = fs.readFileSync(path.join(source, 'rag.json'), 'utf8');
  const environment = path.join(folder, `${mode}.json`);
  fs.writeFileSync(environment, text.replaceAll('"accessMode": "Learning"', `"accessMode": "${mode}"`));
  return environment;
}

// Every row in one mode, a few programs at a time.
async function tryMode(context, mode, ways) {
  const { lab, outcomes } = context;
  const environment = await enter(lab, mode);
  const decisions = await decide(environment, outcomes.calls.map(attemptOf));
  outcomes.calls.forEach((row, i) => compareDecision(row, mode, decisions[i]));
  const waiting = ways.flatMap((way) => outcomes.seats.map((seat) => () => trySeat(seat, { ...context, mode, way })));
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await tryWork(officeOf(outcomes), { ...context, mode, environment, way: ways[0] });
}

const officeOf = (outcomes) => outcomes.seats.find((seat) => seat.seat === 'office');

// The first key of each service, as an application would be given it.
async function keysOf(lab) {
  const { resources } = JSON.parse(await lab.tell('keys', '--format', 'json'));
  const keyOf = (name) => resources.find((one) => one.resource === name).keys[0].value;
  return Object.fromEntries(Object.values(hosts).map(({ at, resource }) => [at, keyOf(resource)]));
}

// The ways that programs can be run, the best first.
async function waysOf(lab) {
  const tried = await lab.as('office', 'yes', ['true']);
  if (tried.status === 0) return ['namespace', 'proxy'];
  console.log(`only through the proxy, without names, metadata service and models: ${tried.err.trim()}`);
  return ['proxy'];
}

async function tryAll(lab) {
  const outcomes = readOutcomes(path.join(source, 'outcomes.md'));
  const files = ['--env', path.join(source, 'rag.json'), '--callers', path.join(source, 'callers.json')];
  await lab.start([...files, ...labOptions]);
  const ways = await waysOf(lab);
  const context = { lab, outcomes, keys: await keysOf(lab), way: ways[0] };
  const prepare = { keys: context.keys, steps: [{ step: 'prepare', as: 'key' }] };
  const { answers } = await takeSteps(context, officeOf(outcomes), prepare);
  compare(outcomeOf(answers[0]), 'ok', `the office prepares (${answers[0].message})`);
  for (const mode of kModes) await tryMode(context, mode, mode === 'Enforced' ? ways : ways.slice(0, 1));
}

async function main() {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  process.chdir(folder);
  // As people write it, and short: it holds a socket.
  const lab = new Lab(nspsim, 'home');
  try {
    await tryAll(lab);
  } finally {
    compare(await lab.stop(), 0, 'the end of the lab');
  }
  for (const failure of failures.slice(0, mostTold)) console.log(`FAILED: ${failure}`);
  if (failures.length > mostTold) console.log(`and ${failures.length - mostTold} more`);
  console.log(`${compared} comparisons, ${failures.length} not as expected`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

main();
