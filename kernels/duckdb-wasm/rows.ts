import { RecordBatchReader } from 'apache-arrow';
import { tokenize } from '#lib/sql/token.ts';
import type { Engine } from './engine.ts';
import { parseEngineError } from './error.ts';

/** Chunks asked for ahead: hides the way to the worker and back without filling it up when a run is stopped. */
const ahead = 64;

export interface Statement {
  sql: string;
  /** The text to begin with anew, after a rollback. */
  again: string;
}

/** Starts a statement and opens its rows: schema first, then batches. */
export async function openRows(engine: Engine, { sql, again }: Statement, asStream: boolean) {
  const header = asStream ? await engine.send(sql, true) : await gather(engine, sql, again);
  const reader = await RecordBatchReader.from(chunks(engine, header));
  return reader.open();
}

/** All rows first; as a stream when they do not fit, since the first of them may be all that is wanted. */
async function gather(engine: Engine, sql: string, again: string): Promise<Uint8Array> {
  try {
    return await engine.send(sql, false);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (parseEngineError(message)?.exception_type !== 'Out of Memory') throw error;
    engine.rollback();
    return engine.send(again, true);
  }
}

const multiplying = new Set(['JOIN', 'RANGE', 'GENERATE_SERIES', 'UNNEST', 'LATERAL', 'RECURSIVE', 'REPEAT']);

/** Whether a statement over these tables could give many more rows than they have: such an answer is streamed. */
export function mayMultiply(sql: string, tables: Iterable<string>): boolean {
  const words = tokenize(sql)
    .filter(({ kind }) => kind === 'word' || kind === 'quoted')
    .map(({ from, to }) => sql.slice(from, to).replaceAll('"', '').toUpperCase());
  if (words.some((word) => multiplying.has(word))) return true;
  const known = new Set([...tables].map((name) => name.toUpperCase()));
  return words.filter((word) => known.has(word)).length > 1;
}

/** The schema's bytes, then each chunk's; more are asked for ahead the longer it goes on. */
async function* chunks(engine: Engine, header: Uint8Array): AsyncGenerator<Uint8Array> {
  yield header;
  const asked: Promise<Uint8Array | null>[] = [];
  try {
    for (let depth = 1; ; depth = Math.min(depth * 4, ahead)) {
      while (asked.length < depth) asked.push(engine.fetch());
      const chunk = await asked.shift()!;
      if (chunk === null) continue;
      if (chunk.length === 0) return;
      yield chunk;
    }
  } finally {
    await Promise.allSettled(asked);
  }
}
