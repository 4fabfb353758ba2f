import * as Y from 'yjs';
import type { z } from 'zod';
import { Cell, CellName, CellType, ChartSpec, Engine, InputSpec } from './cell.ts';
import { toName } from './name.ts';

/*
 * Reads a notebook out of its Yjs document. The document is written by many hands at once, some of them on older
 * versions and some hostile, so nothing in it is believed: a cell that lacks a field gets its default, a cell of no
 * known type is skipped, and reading never throws. edit.ts is the only writer. Results, progress and errors are never
 * in the document. The shape: getMap('meta') { title }; getMap('cells') id → Y.Map { type, name, position,
 * source: Y.Text, engine, connection?, chart?: Y.Map, input?: Y.Map }.
 */

/** A notebook as its document says it. */
export interface Notebook {
  title: string;
  /** By position, then id: the same order for everyone. */
  cells: Cell[];
}

export function readNotebook(doc: Y.Doc): Notebook {
  const cells: Cell[] = [];
  for (const [id, value] of cellsOf(doc)) {
    const cell = readCell(id, value);
    if (cell) cells.push(cell);
  }
  return { title: readTitle(doc), cells: cells.sort(byPosition) };
}

export function readTitle(doc: Y.Doc): string {
  return text(metaOf(doc).get('title'));
}

/** One cell out of the map under its id, or null when it is none. */
export function readCell(id: string, value: unknown): Cell | null {
  if (!(value instanceof Y.Map)) return null;
  const type = CellType.safeParse(value.get('type'));
  if (!type.success) return null;
  const input = type.data === 'input' ? repair(InputSpec, value.get('input')) : null;
  return {
    id,
    type: type.data,
    name: readName(type.data, id, value.get('name')),
    position: text(value.get('position')),
    source: input ? String(input.value ?? '') : text(value.get('source')),
    engine: engineFor(type.data, value.get('engine')),
    connection: text(value.get('connection')),
    chart: type.data === 'chart' ? repair(ChartSpec, value.get('chart')) : null,
    input,
  };
}

/** The engine a cell runs on: SQL as told or in the browser, TypeScript in its sandbox, the rest nowhere. */
export function engineFor(type: CellType, given: unknown): Engine | null {
  if (type === 'typescript') return 'typescript';
  if (type !== 'sql') return null;
  const engine = Engine.safeParse(given);
  return engine.success && engine.data !== 'typescript' ? engine.data : 'browser';
}

export function byPosition(a: Cell, b: Cell): number {
  return compare(a.position, b.position) || compare(a.id, b.id);
}

export function cellsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('cells');
}

export function metaOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('meta');
}

function readName(type: CellType, id: string, given: unknown): string {
  if (type === 'markdown') return '';
  const name = text(given);
  return CellName.safeParse(name).success ? name : toName(name) || toName(`cell_${id}`);
}

/** Each field that fits, and the default for each that does not. */
function repair<T extends z.ZodObject>(schema: T, given: unknown): z.infer<T> {
  const map = given instanceof Y.Map ? given : new Map<string, unknown>();
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>);
  const kept = fields.filter(([key, field]) => map.get(key) !== undefined && field.safeParse(map.get(key)).success);
  return schema.parse(Object.fromEntries(kept.map(([key]) => [key, map.get(key)])));
}

function text(value: unknown): string {
  if (value instanceof Y.Text) return value.toString();
  return typeof value === 'string' ? value : '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
