import type { Column } from '#kernels/kernel.ts';
import type { Engine } from './engine.ts';

/** A file of this tab that can be made a table, again and again, in whichever engine runs. */
export interface LocalFile {
  name: string;
  fileName: string;
  bytes: number;
  /** Changes with each file. */
  hash: string;
  /** Makes the table; rejects, leaving none, when the file is not what it says. */
  load(engine: Engine, progress: (fraction: number) => void): Promise<void>;
}

/** A local file that has become a table. */
export interface LocalTable extends LocalFile {
  rows: number;
  columns: Column[];
}
