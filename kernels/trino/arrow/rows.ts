import { PageError } from './error.ts';
import { asText, checkCount } from './field.ts';
import type { Pick, TrinoColumn } from './field.ts';
import { Gatherer } from './gather.ts';
import type { PackedBatch } from './pack.ts';
import type { Source } from './source.ts';
import { Misfitting } from './column/builder.ts';
import { ZonedBuilder } from './column/time.ts';

/*
 * Rows from bytes into batches. The first page with rows decides how each open type is held: it begins as DuckDB's own, and
 * where one value does not fit, the page is read again with that leaf in Trino's words. Later pages are held to it.
 */

/** What the first rows of a result have decided; given to every later page of it. */
export interface Chosen {
  columns: TrinoColumn[];
  picks: Pick[];
}

export interface Rows {
  /** Behind the closing bracket. */
  end: number;
  /** null as long as there was no row. */
  chosen: Chosen | null;
  /**
   * All of them; to be asked for once. The last may lie in `spent`, the memory that the rows were read from, when nothing of
   * it is needed any more.
   */
  batches(spent: ArrayBuffer | null): PackedBatch[];
}

/** Reads `[[…], […]]` at `at`. Throws PageError. */
export function rowsAt(source: Source, at: number, columns: TrinoColumn[], chosen: Chosen | null): Rows {
  return chosen ? { ...laterRows(source, at, chosen), chosen } : firstRows(source, at, columns);
}

function laterRows(source: Source, at: number, chosen: Chosen): Omit<Rows, 'chosen'> {
  const gatherer = take(chosen);
  try {
    const { end, batches } = gatherer.read(source, at);
    return { end, batches: (spent) => finish(chosen, gatherer, batches, spent) };
  } catch (error) {
    throw error instanceof Misfitting ? toError(error) : error;
  }
}

function finish(chosen: Chosen, gatherer: Gatherer, batches: PackedBatch[], spent: ArrayBuffer | null): PackedBatch[] {
  const all = gatherer.hasMore ? [...batches, gatherer.take(spent)] : batches;
  keep(chosen, gatherer);
  return all;
}

/** Each round settles one leaf more, so it ends. */
function firstRows(source: Source, at: number, columns: TrinoColumn[]): Rows {
  const picks: Pick[] = [];
  for (;;) {
    const gatherer = new Gatherer(columns, picks);
    const read = readOrMisfit(gatherer, source, at);
    const unsettled = 'misfit' in read ? read.misfit : gatherer.unsettled();
    if (!('misfit' in read)) {
      const { end, batches } = read;
      if (batches.length === 0 && !gatherer.hasMore) return { end, chosen: null, batches: () => [] };
      const chosen = { columns, picks: gatherer.picks() };
      if (unsettled === null) return { end, chosen, batches: (spent) => finish(chosen, gatherer, batches, spent) };
    }
    picks[unsettled!] = asText;
  }
}

function readOrMisfit(gatherer: Gatherer, source: Source, at: number) {
  try {
    return gatherer.read(source, at);
  } catch (error) {
    if (error instanceof Misfitting) return { misfit: error.builder.about.plan.leaf };
    throw error;
  }
}

/** Builders kept with their memory for the next page of the same result. */
const kept = new Map<string, Gatherer>();
const mostKept = 4;

function keyOf({ columns, picks }: Chosen): string {
  return JSON.stringify([columns.map(({ name, type }) => [name, type]), picks]);
}

/** Out of the kept ones while it reads, so that one which failed is gone. */
function take(chosen: Chosen): Gatherer {
  const key = keyOf(chosen);
  const found = kept.get(key) ?? new Gatherer(chosen.columns, chosen.picks);
  kept.delete(key);
  return found;
}

function keep(chosen: Chosen, gatherer: Gatherer): void {
  kept.set(keyOf(chosen), gatherer);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
}

function toError({ builder, value, at }: Misfitting): PageError {
  const { column, plan, isWhole } = builder.about;
  const { base, text } = plan.type;
  const held = builder instanceof ZonedBuilder ? `in the zone ${builder.pick}` : `as ${plan.engine}`;
  const message = `Column "${column}" has ${value}, which does not fit with the rows before it: they are held ${held}.`;
  const instead = insteadOf(base, plan.type.numbers[0]!, isWhole ? identifier(column) : 'x');
  return new PageError('does-not-fit', message, at, { column, type: text, value, instead });
}

function insteadOf(base: string, precision: number, value: string): string {
  if (base === 'timestamp with time zone') return `at_timezone(${value}, 'UTC')`;
  return base === 'timestamp' && precision > 6 ? `CAST(${value} AS timestamp(6))` : `CAST(${value} AS varchar)`;
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The columns of a page, as its JSON has them. Throws PageError. */
export function checkColumns(found: unknown): TrinoColumn[] | null {
  if (found === undefined || found === null) return null;
  if (Array.isArray(found)) checkCount(found.length);
  const isGood =
    Array.isArray(found) && found.every(({ name, type } = {}) => typeof name === 'string' && typeof type === 'string');
  if (!isGood) throw new PageError('columns', 'The cluster described its columns in a way that cannot be read.');
  return found.map(({ name, type }: TrinoColumn) => ({ name, type }));
}

/** Throws when a page's columns are not those of the pages before it. */
export function checkSame(chosen: Chosen, columns: TrinoColumn[] | null): void {
  if (!columns) return;
  const isSame = keyOf({ columns, picks: [] }) === keyOf({ columns: chosen.columns, picks: [] });
  if (!isSame) throw new PageError('columns', 'The columns of the answer changed while it was read.');
}
