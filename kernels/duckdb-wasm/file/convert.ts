import { KernelFailure } from '#kernels/failure.ts';
import type { KernelError } from '#kernels/kernel.ts';
import type { Engine } from '#kernels/duckdb-wasm/engine.ts';
import { dropTable, insertArrow, insertRows } from '#kernels/duckdb-wasm/insert.ts';
import { makeTable, withFile } from './csv.ts';

/*
 * Files DuckDB-WASM cannot read without fetching an extension are turned into what it can in a worker of their own, so
 * that the page stays alive: Parquet into Arrow, piece by piece; JSON into CSV with the columns' types.
 */

export interface ConvertRequest {
  kind: 'parquet' | 'json';
  file: File;
}

export type ConvertReply =
  | { type: 'arrow'; ipc: Uint8Array; fraction: number }
  | { type: 'csv'; file: Blob; columns: { name: string; type: string }[] }
  | { type: 'progress'; fraction: number }
  | { type: 'done' }
  | { type: 'failed'; error: KernelError };

export async function convertFile(
  kind: ConvertRequest['kind'],
  engine: Engine,
  name: string,
  file: File,
  progress: (fraction: number) => void,
): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  engine.whenEnded(() => worker.terminate());
  try {
    let isFirst = true;
    for await (const reply of replies(worker, { kind, file }, engine)) {
      if (reply.type === 'failed') throw new KernelFailure(reply.error);
      if (reply.type === 'csv') await loadConverted(engine, name, reply);
      if (reply.type === 'arrow') {
        await (isFirst ? insertArrow(engine, name, reply.ipc) : insertRows(engine, name, reply.ipc, false));
        isFirst = false;
      }
      if ('fraction' in reply) progress(reply.fraction);
    }
    progress(1);
  } catch (error) {
    await dropTable(engine, name).catch(() => undefined);
    throw error;
  } finally {
    worker.terminate();
  }
}

/** What the worker says, one at a time: it goes on when the last piece was taken in. */
async function* replies(worker: Worker, request: ConvertRequest, engine: Engine): AsyncGenerator<ConvertReply> {
  worker.postMessage(request, []);
  for (;;) {
    const reply = await engine.ask(nextReply(worker));
    if (reply.type === 'done') return;
    yield reply;
    if (reply.type !== 'progress') worker.postMessage('next', []);
  }
}

function nextReply(worker: Worker): Promise<ConvertReply> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<ConvertReply>) => resolve(data), { once: true });
    worker.addEventListener('error', (event) => reject(new Error(event.message || 'The reader of files failed.')), {
      once: true,
    });
  });
}

async function loadConverted(engine: Engine, name: string, { file, columns }: ConvertReply & { type: 'csv' }) {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const types = columns.map((column) => `${text(column.name)}: ${text(column.type)}`).join(', ');
  const form = "header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false";
  await withFile(engine, file, (path) =>
    makeTable(
      engine,
      name,
      `read_csv('${path}', ${form}, auto_detect = false, max_line_size = 64000000, columns = {${types}})`,
    ),
  );
}
