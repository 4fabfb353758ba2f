import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { KernelFailure } from '#kernels/failure.ts';
import type { Engine } from '#kernels/duckdb-wasm/engine.ts';
import { insertArrow } from '#kernels/duckdb-wasm/insert.ts';

const maxBytes = 1024 * 1024 * 1024;

/** An Arrow IPC file or stream. */
export async function loadArrowFile(
  engine: Engine,
  name: string,
  file: File,
  progress: (fraction: number) => void,
): Promise<void> {
  if (file.size > maxBytes) throw tooBig(file);
  const bytes = new Uint8Array(await file.arrayBuffer());
  progress(0.3);
  const stream = toStream(bytes, file.name);
  progress(0.5);
  await insertArrow(engine, name, stream);
  progress(1);
}

function toStream(bytes: Uint8Array, fileName: string): Uint8Array {
  try {
    return tableToIPC(tableFromIPC(bytes), 'stream');
  } catch (error) {
    throw new KernelFailure({
      code: 'runtime',
      message: `${fileName} cannot be read as Arrow: it is broken or cut off.`,
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

function tooBig(file: File): KernelFailure {
  return new KernelFailure({
    code: 'memory',
    message: `${file.name} is larger than 1 GB, more than a browser tab can take in as Arrow.`,
    hint: 'Upload it as a dataset and query it on the warehouse.',
  });
}
