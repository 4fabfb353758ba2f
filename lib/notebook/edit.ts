import * as Y from 'yjs';
import { CellSpec, ChartSpec, Engine, InputSpec, type Cell } from './cell.ts';
import { cellsOf, engineFor, metaOf, readCell, readNotebook, type Notebook } from './document.ts';
import { newId } from './id.ts';
import { fitValue, toInput } from './input.ts';
import { freeName, nameFor, readableName, toName } from './name.ts';
import { positionsFor, type Place } from './position.ts';

/*
 * The only writer of the notebook document. Each operation is one transaction with its caller's origin, so that undo,
 * sync and tests can tell who did what. An operation on a cell that is gone is not an error, it is late: it does
 * nothing. Names are made free of each other here, but two people may still choose one name at the same moment; the
 * graph shows that on the cells. Text is changed by its smallest difference, so that concurrent typing survives.
 */

/** Adds a cell and returns its id. */
export function insertCell(doc: Y.Doc, spec: CellSpec, place: Place = {}, origin: unknown = null): string {
  const given = CellSpec.parse({ ...spec, name: (spec.name && toName(spec.name)) || undefined });
  const id = newId();
  doc.transact(() => {
    const { cells } = readNotebook(doc);
    const names = cells.map((cell) => cell.name);
    const map = new Y.Map<unknown>();
    map.set('type', given.type);
    map.set(
      'name',
      given.name && given.type !== 'markdown'
        ? freeName(readableName(given.name, given.type), names)
        : nameFor(given.type, names),
    );
    map.set('source', new Y.Text(given.type === 'input' ? '' : given.source));
    const engine = engineFor(given.type, given.engine);
    if (engine) map.set('engine', engine);
    if (engine === 'trino' && given.connection) map.set('connection', given.connection);
    if (given.type === 'chart') map.set('chart', toMap(ChartSpec.parse(given.chart ?? {})));
    if (given.type === 'input') map.set('input', toMap(toInput(given.input, given.source)));
    cellsOf(doc).set(id, map);
    writePositions(doc, positionsFor(id, cells, place));
  }, origin);
  return id;
}

export function removeCell(doc: Y.Doc, id: string, origin: unknown = null): void {
  if (cellsOf(doc).has(id)) doc.transact(() => cellsOf(doc).delete(id), origin);
}

export function moveCell(doc: Y.Doc, id: string, place: Place, origin: unknown = null): void {
  onCell(doc, id, origin, () => writePositions(doc, positionsFor(id, readNotebook(doc).cells, place)));
}

/** Gives the nearest free name to what was typed; keeps the old one when nothing of it can be a name. */
export function renameCell(doc: Y.Doc, id: string, name: string, origin: unknown = null): void {
  onCell(doc, id, origin, (map, cell) => {
    const wanted = readableName(toName(name), cell.type);
    if (!wanted || cell.type === 'markdown' || wanted === cell.name) return;
    const others = readNotebook(doc).cells.filter((each) => each.id !== id);
    map.set(
      'name',
      freeName(
        wanted,
        others.map((each) => each.name),
      ),
    );
  });
}

/** Replaces the text by its smallest difference. On an input cell the text is its value. */
export function setSource(doc: Y.Doc, id: string, source: string, origin: unknown = null): void {
  onCell(doc, id, origin, (map, cell) => {
    if (cell.input) return writeFields(map, 'input', { value: fitValue(cell.input.kind, source) });
    const text = map.get('source');
    if (text instanceof Y.Text) patchText(text, source);
    else map.set('source', new Y.Text(source));
  });
}

/** With the connection, for Trino. Ignored for cells that have only one engine, or none. */
export function setEngine(
  doc: Y.Doc,
  id: string,
  { engine, connection = '' }: { engine: Engine; connection?: string },
  origin: unknown = null,
): void {
  onCell(doc, id, origin, (map, cell) => {
    if (cell.type !== 'sql') return;
    map.set('engine', engineFor('sql', engine));
    if (connection) map.set('connection', connection);
  });
}

export function setChart(doc: Y.Doc, id: string, change: Partial<ChartSpec>, origin: unknown = null): void {
  onCell(doc, id, origin, (map, cell) => {
    if (cell.chart)
      writeFields(map, 'chart', ChartSpec.partial().parse({ ...cell.chart, ...change }), Object.keys(change));
  });
}

/** A new kind keeps the value where it fits, and drops it where it cannot be that. */
export function setInput(doc: Y.Doc, id: string, change: Partial<InputSpec>, origin: unknown = null): void {
  onCell(doc, id, origin, (map, cell) => {
    if (!cell.input) return;
    const next = InputSpec.parse({ ...cell.input, ...change });
    next.value = fitValue(next.kind, next.value);
    writeFields(map, 'input', next, [...Object.keys(change), ...(change.kind ? ['value'] : [])]);
  });
}

export function setTitle(doc: Y.Doc, title: string, origin: unknown = null): void {
  doc.transact(() => metaOf(doc).set('title', title), origin);
}

/** A copy right after the cell, under a free name; '' when the cell is gone. */
export function duplicateCell(doc: Y.Doc, id: string, origin: unknown = null): string {
  const cell = readCell(id, cellsOf(doc).get(id));
  return cell ? insertCell(doc, toSpec(cell), { after: id }, origin) : '';
}

/** A new document with the cells in the order given. */
export function makeNotebook(given: { title: string; cells: CellSpec[] }): Y.Doc {
  const doc = new Y.Doc();
  doc.transact(() => {
    setTitle(doc, given.title);
    for (const cell of given.cells) insertCell(doc, cell);
  });
  return doc;
}

/** The same notebook with new ids and no history. */
export function copyOf(doc: Y.Doc, title?: string): Y.Doc {
  const notebook: Notebook = readNotebook(doc);
  return makeNotebook({ title: title ?? notebook.title, cells: notebook.cells.map(toSpec) });
}

/** What would make this cell again. */
export function toSpec(cell: Cell): CellSpec {
  return {
    type: cell.type,
    source: cell.source,
    ...(cell.name && { name: cell.name }),
    ...(cell.engine && { engine: cell.engine }),
    ...(cell.connection && { connection: cell.connection }),
    ...(cell.chart && { chart: cell.chart }),
    ...(cell.input && { input: cell.input }),
  };
}

function onCell(doc: Y.Doc, id: string, origin: unknown, change: (map: Y.Map<unknown>, cell: Cell) => void): void {
  const map = cellsOf(doc).get(id);
  const cell = readCell(id, map);
  if (cell) doc.transact(() => change(map as Y.Map<unknown>, cell), origin);
}

function writePositions(doc: Y.Doc, positions: Map<string, string>): void {
  for (const [id, position] of positions) {
    const map = cellsOf(doc).get(id);
    if (map instanceof Y.Map && map.get('position') !== position) map.set('position', position);
  }
}

function writeFields(
  map: Y.Map<unknown>,
  key: string,
  fields: Record<string, unknown>,
  keys = Object.keys(fields),
): void {
  const old = map.get(key);
  if (!(old instanceof Y.Map)) map.set(key, toMap(fields));
  else for (const field of keys) if (old.get(field) !== fields[field]) old.set(field, fields[field]);
}

function toMap(fields: Record<string, unknown>): Y.Map<unknown> {
  return new Y.Map(Object.entries(fields));
}

function patchText(text: Y.Text, next: string): void {
  const now = text.toString();
  let start = 0;
  while (start < now.length && start < next.length && now[start] === next[start]) start++;
  let end = 0;
  const room = Math.min(now.length, next.length) - start;
  while (end < room && now[now.length - 1 - end] === next[next.length - 1 - end]) end++;
  if (splitsPair(now, start) || splitsPair(next, start)) start--;
  if (end > 0 && (splitsPair(now, now.length - end) || splitsPair(next, next.length - end))) end--;
  if (now.length - start - end > 0) text.delete(start, now.length - start - end);
  if (next.length - start - end > 0) text.insert(start, next.slice(start, next.length - end));
}

/** Whether `at` stands between the two halves of one character. */
function splitsPair(text: string, at: number): boolean {
  return /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[at] ?? '');
}
