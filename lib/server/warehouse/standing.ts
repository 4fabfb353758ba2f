import type { Column } from '#kernels/kernel.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import type { Upload } from './upload.ts';
import type { BuiltFile, Warehouse } from './warehouse.ts';

/** The warehouse with what only uploads need. */
export interface Standing extends Warehouse {
  /** A body as a staged Parquet file. Throws a Problem that says what is wrong with it; then nothing is left behind. */
  receive(upload: Upload): Promise<{ file: BuiltFile; columns: Column[] }>;
}

/** This process's own. Types alone are imported here, so that pages may read datasets without carrying the engine along. */
export function standing(): Standing {
  const { warehouse } = getLodestar();
  if (!('receive' in warehouse)) throw new Error('This Lodestar was started without its own warehouse.');
  return warehouse as Standing;
}
