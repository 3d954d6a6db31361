// Reads the tables of outcomes.md.
'use strict';

const fs = require('node:fs');

// Every table of a page: its headers, and its rows as lists of texts.
function tablesOf(page) {
  const tables = [];
  let open;
  page.split('\n').forEach((line, number) => {
    if (!line.startsWith('|')) {
      open = undefined;
      return;
    }
    const cells = line.split('|').slice(1, -1).map((cell) => cell.trim());
    if (!open) tables.push((open = { headers: cells, rows: [] }));
    else if (!/^[-|\s]+$/.test(line)) open.rows.push({ line: number + 1, cells });
  });
  return tables;
}

// The rows of all tables with exactly these headers.
function rowsOf(tables, headers) {
  const rows = tables.filter((table) => table.headers.join() === headers.join()).flatMap((table) => table.rows);
  if (rows.length === 0) throw new Error(`outcomes.md has no table with the headers ${headers.join(', ')}`);
  for (const row of rows) {
    if (row.cells.length !== headers.length) throw new Error(`outcomes.md:${row.line}: expected ${headers.length} cells`);
  }
  return rows;
}

const kModes = ['Learning', 'Enforced'];

// `RestError 403 AuthorizationFailure, IN-5`.
function cellOf(text, line) {
  const match = /^(\w+)(?: (\d{3}))?(?: (\w+))?, ((?:IN|OUT)-\d+)$/.exec(text);
  if (!match) throw new Error(`outcomes.md:${line}: \`${text}\` is no outcome`);
  const [, result, status, code, clause] = match;
  return { outcome: [result, status, code].filter(Boolean).join(' '), clause };
}

function cellsOf(row, at) {
  return Object.fromEntries(kModes.map((mode, i) => [mode, cellOf(row.cells[at + i], row.line)]));
}

// What the page says: seats, steps, calls, work and messages.
function readOutcomes(file) {
  const tables = tablesOf(fs.readFileSync(file, 'utf8'));
  const seats = rowsOf(tables, ['seat', 'where', 'identity']).map(({ cells }) => {
    const [what, credential] = cells[2].split(', ');
    return { seat: cells[0], metadata: what === 'metadata endpoint', credential };
  });
  const steps = Object.fromEntries(
    rowsOf(tables, ['steps', 'calls']).map(({ cells }) => [cells[0], cells[1].split(', ')]),
  );
  const calls = rowsOf(tables, ['from', 'as', 'path', 'steps', ...kModes]).map((row) => {
    const [seat, as, path, group] = row.cells;
    if (!steps[group]) throw new Error(`outcomes.md:${row.line}: nobody says what \`${group}\` is`);
    if (!seats.some((one) => one.seat === seat)) throw new Error(`outcomes.md:${row.line}: nobody says where \`${seat}\` sits`);
    return { line: row.line, seat, as, path, group, cells: cellsOf(row, 4) };
  });
  const work = rowsOf(tables, ['indexer reads', 'as', 'embeds', 'as', ...kModes]).map((row) => {
    const [reads, readsAs, embeds, embedsAs] = row.cells;
    return { line: row.line, reads, readsAs, embeds, embedsAs, cells: cellsOf(row, 4) };
  });
  const messages = rowsOf(tables, ['service', 'clause', 'message']).map(({ cells }) => {
    const [service, clause, message] = cells;
    return { service, clause, message };
  });
  return { seats, steps, calls, work, messages };
}

module.exports = { kModes, readOutcomes };
