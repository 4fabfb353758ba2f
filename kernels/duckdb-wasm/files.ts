import { KernelFailure } from '#kernels/failure.ts';
import type { Engine } from './engine.ts';
import { loadArrowFile } from './file/arrow.ts';
import { convertFile } from './file/convert.ts';
import { loadCsv } from './file/csv.ts';
import { kindOf, type FileKind } from './file/kind.ts';
import type { LocalFile } from './local.ts';

type Load = (engine: Engine, name: string, file: File, progress: (fraction: number) => void) => Promise<void>;

const loads: Record<FileKind, Load> = {
  csv: loadCsv,
  arrow: loadArrowFile,
  json: (engine, name, file, progress) => convertFile('json', engine, name, file, progress),
  parquet: (engine, name, file, progress) => convertFile('parquet', engine, name, file, progress),
};

/** Looks at a file's name and first bytes; rejects with a KernelFailure when it cannot be a table. */
export async function openFile(name: string, file: File): Promise<LocalFile> {
  const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  const kind = kindOf(file.name, file.size, head);
  if (typeof kind === 'object') throw new KernelFailure(kind);
  const hash = crypto.randomUUID();
  return {
    name,
    fileName: file.name,
    bytes: file.size,
    hash,
    load: (engine, progress) => loads[kind](engine, name, file, progress),
  };
}
