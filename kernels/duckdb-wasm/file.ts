import type { Column } from '#kernels/kernel.ts';
import type { Engine } from './engine.ts';

/** A file of this tab as a table that can be made again in a new engine. */
export interface LocalTable {
  name: string;
  fileName: string;
  bytes: number;
  rows: number;
  columns: Column[];
  /** Changes with each file. */
  hash: string;
  /** Makes the table; rejects, leaving none, when the file is not what it says. */
  load(engine: Engine, progress: (fraction: number) => void): Promise<void>;
}
