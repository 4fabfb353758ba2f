import { Table, Utf8, makeData, makeVector, tableToIPC, type Vector } from 'apache-arrow';
import type { Kernel, KernelError } from '#kernels/kernel.ts';
import type { StreamColumn } from '#lib/client/api/streams.ts';
import { identifier } from '#lib/sql/quote.ts';
import { toRows } from '#lib/table/text.ts';
import type { Entry } from './tail.ts';

/*
 * Which entries a condition is true of, asked of the browser's own engine: what stands after WHERE in a cell stands here. A
 * dead letter is asked with as much of it as fits the columns.
 */

export type Matched = { ok: true; ids: Set<string> } | { ok: false; error: KernelError };

let asked = 0;

export async function matching(
  condition: string,
  entries: readonly Entry[],
  columns: readonly StreamColumn[],
  kernel: Pick<Kernel, 'run'>,
  signal: AbortSignal,
): Promise<Matched> {
  const table = tableOf(entries, columns);
  const relation = {
    kind: 'arrow' as const,
    hash: `tail-${++asked}`,
    complete: true,
    ipc: () => Promise.resolve(tableToIPC(table, 'stream')),
  };
  const source = sourceOf(condition, columns);
  const inputs = { parameters: {}, relations: { tail_entries: relation } };
  const ids = new Set<string>();
  for await (const event of kernel.run({ name: 'filter', source }, inputs, { signal })) {
    if (event.type === 'failed') return { ok: false, error: event.error };
    if (event.type === 'batch') for (const [id] of toRows([event.batch])) ids.add(String(id));
  }
  return { ok: true, ids };
}

/** The condition stands on a line of its own, so that a comment in it ends there. */
export function sourceOf(condition: string, columns: readonly StreamColumn[]): string {
  const typed = columns.map(({ name, type }) => {
    const column = identifier(name);
    return type === 'VARCHAR' || type === 'JSON' ? column : `TRY_CAST(${column} AS ${type}) AS ${column}`;
  });
  return `SELECT "tail entry" FROM (SELECT "tail entry", ${typed.join(', ')} FROM tail_entries) WHERE (\n${condition}\n)`;
}

function tableOf(entries: readonly Entry[], columns: readonly StreamColumn[]): Table {
  const texts = (name: string) => textVector(entries.map(({ values }) => textOf(values?.[name])));
  return new Table({
    'tail entry': textVector(entries.map(({ id }) => id)),
    ...Object.fromEntries(columns.map(({ name }) => [name, texts(name)])),
  });
}

const utf8 = new TextEncoder();

/** Laid out here: Arrow's own builders make code of text, which a page may not. */
export function textVector(texts: readonly (string | null)[]): Vector<Utf8> {
  const parts = texts.map((text) => utf8.encode(text ?? ''));
  const valueOffsets = new Int32Array(texts.length + 1);
  parts.forEach((part, at) => (valueOffsets[at + 1] = valueOffsets[at]! + part.length));
  const data = new Uint8Array(valueOffsets.at(-1)!);
  parts.forEach((part, at) => data.set(part, valueOffsets[at]!));
  const nullBitmap = new Uint8Array(Math.ceil(texts.length / 8));
  texts.forEach((text, at) => {
    if (text !== null) nullBitmap[at >> 3]! |= 1 << (at & 7);
  });
  const nullCount = texts.filter((text) => text === null).length;
  return makeVector(makeData({ type: new Utf8(), length: texts.length, nullCount, nullBitmap, valueOffsets, data }));
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
