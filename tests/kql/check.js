// Checks the query pack with Microsoft's own Kusto parser against the columns of NSPAccessLogs, and checks that this check
// has teeth.
//
//   node check.js QUERIES SCHEMA PARSER
//
// QUERIES: the folder of .kql files. SCHEMA: the JSON Schema of a row, whose columns and types are the table's. PARSER: the
// folder that holds node_modules. Prints what is wrong, one line each; exit status 1 when something is.
'use strict';

const fs = require('fs');
const path = require('path');

const [queries, schemaFile, parser] = process.argv.slice(2);
const library = path.join(path.resolve(parser), 'node_modules/@kusto/language-service-next');
require(path.join(library, 'bridge.js'));
require(path.join(library, 'Kusto.Language.Bridge.js'));
const {KustoCode, GlobalState, Symbols, Syntax} = Kusto.Language;

const schema = JSON.parse(fs.readFileSync(schemaFile, 'utf8'));
const categories = schema.properties.Category.enum;

// What each query answers with. A reader of the pack relies on these names.
const results = {
  'blockers.kql': 'Perimeter:string Profile:string ResultDirection:string Caller:string Destination:string Rule:string ' +
      'Events:long FirstSeen:datetime LastSeen:datetime',
  'unknown-sources.kql': 'Source:string Approved:long Denied:long Resources:dynamic Categories:dynamic FirstSeen:datetime ' +
      'LastSeen:datetime',
  'hits-by-rule.kql': 'RuleOf:string ResultDirection:string Rule:string Events:long Callers:long Resources:long ' +
      'FirstSeen:datetime LastSeen:datetime',
  'unused-rules.kql': 'Perimeter:string Profile:string Rule:string Finding:string ProfileEvents:long ' +
      'ProfileLastSeen:datetime',
  'denials-by-reason.kql': 'Reason:string Perimeter:string Profile:string Caller:string Destination:string Events:long ' +
      'FirstSeen:datetime LastSeen:datetime',
  'coverage-by-resource.kql': 'Resource:string Listed:bool Events:long DaysSeen:long WindowDays:int SilentDays:int ' +
      'Categories:dynamic Perimeters:dynamic FirstSeen:datetime LastSeen:datetime OldestRecord:datetime',
};

// Columns that public queries read and that the table does not have.
const invented = ['ResourceId', 'SourceAddress', 'SourceIP', 'Protocol', 'AccessRule', 'LogCategory', 'PaaSResourceId',
  'DestinationFQDN', 'MatchedRuleName', 'NspProfile'];

let mistakes = 0;
function mistake(text) {
  ++mistakes;
  console.log(text);
}

function columnType({format, type}) {
  if (format === 'date-time') return Symbols.ScalarTypes.DateTime;
  if (type === 'integer') return Symbols.ScalarTypes.Int;
  return Array.isArray(type) && type.includes('number') ? Symbols.ScalarTypes.Real : Symbols.ScalarTypes.String;
}

function tableOf(names) {
  const columns = names.map((name) => new Symbols.ColumnSymbol(name, columnType(schema.properties[name])));
  return new Symbols.TableSymbol.$ctor4('NSPAccessLogs', columns);
}

// The parser's view of a workspace that holds one table.
function workspace(table) {
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', [table]));
}

const columns = Object.keys(schema.properties);
const globals = workspace(tableOf(columns));

function listOf(bridgeList) {
  const list = [];
  for (let i = 0; i < bridgeList.Count; ++i) list.push(bridgeList.getItem(i));
  return list;
}

function analyze(text, where = globals) {
  const code = KustoCode.ParseAndAnalyze(text, where);
  return {code, diagnostics: listOf(code.GetDiagnostics())};
}

function descendants(node) {
  const all = [];
  const walk = (element) => {
    if (element === null || element === undefined) return;
    all.push(element);
    for (let i = 0; i < element.ChildCount; ++i) walk(element.GetChild(i));
  };
  walk(node);
  return all;
}

function resultColumns(code) {
  const type = code.ResultType;
  return listOf(type.Columns).map((column) => `${column.Name}:${column.Type.Name}`).join(' ');
}

function report(file, text, diagnostic) {
  const line = text.slice(0, diagnostic.Start).split('\n').length;
  mistake(`${file}:${line}: ${diagnostic.Severity}: ${diagnostic.Message}`);
}

// What the grammar does not know: Count must be summed, never rows counted; words that the table never holds.
function checkMeaning(file, code) {
  const nodes = descendants(code.Syntax);
  const calls = nodes.filter((node) => node.Kind === Syntax.SyntaxKind.FunctionCallExpression);
  const names = calls.map((call) => call.Name.SimpleName);
  for (const name of ['count', 'countif']) {
    if (names.includes(name)) mistake(`${file}: counts rows with \`${name}\`, expected a sum of \`Count\``);
  }
  if (!names.some((name) => name === 'sum' || name === 'sumif')) mistake(`${file}: sums nothing`);
  const literals = nodes.filter((node) => node.Kind === Syntax.SyntaxKind.StringLiteralExpression)
      .map((node) => node.LiteralValue);
  for (const word of literals) {
    if (word.startsWith('Nsp') && !categories.includes(word)) mistake(`${file}: \`${word}\` is no category`);
    if (['Allow', 'Deny', 'Allowed'].includes(word)) mistake(`${file}: \`${word}\` is no ResultAction`);
  }
}

function checkQuery(file, text) {
  const {code, diagnostics} = analyze(text);
  diagnostics.forEach((diagnostic) => report(file, text, diagnostic));
  checkMeaning(file, code);
  const given = resultColumns(code);
  if (given !== results[file]) mistake(`${file}: gives ${given}\n  expected ${results[file]}`);
}

// The mistakes of public queries, put into each of ours, must be found.
function checkTeeth(file, text) {
  if (!/\bCount\b/.test(text)) mistake(`${file}: does not read \`Count\``);
  for (const name of invented) {
    const changed = text.replace(/^(.*NSPAccessLogs.*\n(?:[ ]*\| where.*\n))/m, `$1| where isnotempty(${name})\n`);
    if (changed === text) mistake(`${file}: has no place for a test`);
    const named = analyze(changed).diagnostics.some((each) => each.Message.includes(`'${name}'`));
    if (!named) mistake(`${file}: reading the invented column \`${name}\` gives no diagnostic`);
  }
  for (const table of ['NspAccessLogs', 'NSPAccesslogs']) {
    const changed = text.replaceAll('NSPAccessLogs', table);
    if (analyze(changed).diagnostics.length === 0) mistake(`${file}: the table \`${table}\` gives no diagnostic`);
  }
  // Each column that the query reads is one that the parser misses when the table has it not.
  const read = columns.filter((name) => new RegExp(`\\b${name}\\b`).test(text.replace(/"[^"]*"|\/\/.*/g, '')));
  for (const name of read) {
    const without = workspace(tableOf(columns.filter((each) => each !== name)));
    if (analyze(text, without).diagnostics.length === 0) mistake(`${file}: \`${name}\` is not missed`);
  }
}

const files = fs.readdirSync(queries).filter((file) => file.endsWith('.kql')).sort();
if (columns.length !== 40) mistake(`the table has ${columns.length} columns, expected 40`);
if (files.join() !== Object.keys(results).sort().join()) mistake(`the pack holds ${files.join(' ')}`);
for (const file of files) {
  const text = fs.readFileSync(path.join(queries, file), 'utf8');
  checkQuery(file, text);
  checkTeeth(file, text);
}
console.log(`${files.length} queries, ${mistakes} mistakes`);
process.exit(mistakes === 0 ? 0 : 1);
