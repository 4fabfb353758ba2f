import { Table as ArrowTable, tableToIPC } from 'apache-arrow';
import type { WorkerMessage, WorkerStart } from '#kernels/typescript/message.ts';
import type { Parameter } from '#lib/sql/parameter.ts';
import { makeConsole } from './console.ts';
import { Decimal } from './decimal.ts';
import { cellUrl, lineOf } from './line.ts';
import { show } from './show.ts';
import { PlainRows, Table, type Row } from './table.ts';
import { Timestamp } from './timestamp.ts';
import { toBatches } from './write.ts';

/*
 * The inside of the sandbox: a fresh worker for one run of one cell. It has no network, no storage and no page; all it can
 * do is answer through the port it was given, which people's code does not get hold of. What it needs later is taken before
 * that code can change it.
 */

interface CellResult {
  value?: unknown;
  names?: Record<string, unknown>;
}

self.addEventListener(
  'message',
  (event: MessageEvent<WorkerStart>) => {
    const port = event.ports[0]!;
    const tell = port.postMessage.bind(port) as (message: WorkerMessage) => void;
    void run(event.data, tell).finally(() => port.close());
  },
  { once: true },
);

async function run({ cell, relations }: WorkerStart, tell: (message: WorkerMessage) => void): Promise<void> {
  const console = makeConsole(tell);
  Object.assign(globalThis, { console, Table, Decimal, Timestamp, table });
  listenForLost(tell);
  try {
    const given = inputsOf(cell.parameters, relations);
    const result: CellResult = {};
    const body = makeFunction(cell.body, Object.keys(given));
    const returned: unknown = await body(result, ...Object.values(given));
    answer(cell.name, returned === undefined ? result : { ...result, value: returned }, cell.limit, tell);
  } catch (error) {
    tell(failure(error));
  }
}

/** Rows as a table, with the columns named where there may be no row to tell them. */
function table(rows: Iterable<Row>, columns?: string[]): Table {
  return rows instanceof Table ? rows : new Table(new PlainRows([...rows], columns));
}

/** Indirect eval: the code sees globals and its inputs, none of the names in this file. */
function makeFunction(body: string, names: string[]): (...given: unknown[]) => Promise<unknown> {
  const code = `(async function (${['__cell', ...names].join(', ')}) { "use strict"; ${body}\n})\n//# sourceURL=${cellUrl}`;
  // oxlint-disable-next-line no-eval -- running people's code is what this worker is for
  return (0, eval)(code) as (...given: unknown[]) => Promise<unknown>;
}

function inputsOf(
  parameters: WorkerStart['cell']['parameters'],
  relations: WorkerStart['relations'],
): Record<string, unknown> {
  const values = Object.entries(parameters).map(([name, parameter]) => [name, valueOf(parameter)] as const);
  const tables = relations.map(({ name, ipc, complete }) => [name, Table.fromIPC(ipc, complete)] as const);
  return Object.fromEntries<unknown>([...values, ...tables]);
}

function valueOf(parameter: Parameter): unknown {
  if (parameter.type !== 'timestamp' || parameter.value === null) return parameter.value;
  return new Date(`${parameter.value.replace(' ', 'T')}Z`);
}

/** The cell's value first, as rows where it is a table; else what it declares. */
function answer(name: string, result: CellResult, limit: number, tell: (message: WorkerMessage) => void): void {
  const declared = Object.entries(result.names ?? {}).filter(([, value]) => typeof value !== 'function');
  for (const [each, value] of declared) tell({ type: 'value', name: each, value: show(value) });
  const value = result.value === undefined ? declared.findLast(([, each]) => isTable(each))?.[1] : result.value;
  const complete = isTable(value) ? sendRows(value, limit, tell) : true;
  if (result.value !== undefined && !isTable(value)) tell({ type: 'value', name, value: show(value) });
  tell({ type: 'done', complete });
}

function isTable(value: unknown): value is Table | Row[] {
  if (value instanceof Table) return true;
  return Array.isArray(value) && value.length > 0 && value.every(isRow);
}

function isRow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Sends one Arrow stream; false when the limit cut it. */
function sendRows(value: Table | Row[], limit: number, tell: (message: WorkerMessage) => void): boolean {
  const all = Array.isArray(value) ? value.length : value.numRows;
  const count = limit < 0 ? all : Math.min(all, limit);
  const ready = value instanceof Table ? value.arrow : null;
  const arrow = ready
    ? ready.slice(0, count)
    : new ArrowTable(toBatches(rowsOf(value).slice(0, count), columnNames(value)));
  tell({ type: 'table', ipc: tableToIPC(arrow, 'stream') });
  const isWhole = value instanceof Table ? value.complete : true;
  return count === all && isWhole;
}

function rowsOf(value: Table | Row[]): Row[] {
  return Array.isArray(value) ? value : value.rows;
}

/** The columns somebody named; else the keys of the rows decide. */
function columnNames(value: Table | Row[]): string[] | undefined {
  return value instanceof Table && value.numRows === 0 ? value.columns.map(({ name }) => name) : undefined;
}

function failure(error: unknown): WorkerMessage {
  const { name, message, stack } =
    error instanceof Error ? error : { name: 'Error', message: show(error).text, stack: '' };
  const place = lineOf(stack);
  const cut = (text: string | undefined) => String(text ?? '').slice(0, 10_000);
  return {
    type: 'failed',
    name: cut(name).slice(0, 200),
    message: cut(message),
    stack: cut(stack),
    ...(place && { line: place.line, column: place.column }),
  };
}

/** Promises nobody waited for, and errors in timers. */
function listenForLost(tell: (message: WorkerMessage) => void): void {
  const log = (error: unknown) => {
    const line = error instanceof Error ? lineOf(error.stack)?.line : undefined;
    tell({ type: 'log', level: 'error', text: show(error).text, ...(line && { line }) });
  };
  self.addEventListener('unhandledrejection', (event) => log(event.reason));
  self.addEventListener('error', (event) => log(event.error ?? event.message));
}
