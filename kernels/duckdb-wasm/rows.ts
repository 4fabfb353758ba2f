import { RecordBatchReader } from 'apache-arrow';
import type { Engine } from './engine.ts';

/** Chunks asked for ahead: hides the way to the worker and back without filling it up when a run is stopped. */
const ahead = 16;

/** Starts a statement and opens its rows: schema first, then batches as the engine makes them. */
export async function openRows(engine: Engine, sql: string) {
  const header = await engine.send(sql);
  const reader = await RecordBatchReader.from(chunks(engine, header));
  return reader.open();
}

/** The schema's bytes, then each chunk's; more are asked for ahead the longer it goes on. */
async function* chunks(engine: Engine, header: Uint8Array): AsyncGenerator<Uint8Array> {
  yield header;
  const asked: Promise<Uint8Array | null>[] = [];
  try {
    for (let depth = 1; ; depth = Math.min(depth * 2, ahead)) {
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
