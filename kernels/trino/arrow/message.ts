import type { Misfit, PageFault } from './error.ts';
import type { TrinoColumn } from './field.ts';
import type { PageHead, ReadRows } from './page.ts';
import type { Chosen } from './rows.ts';

/** What a decoding thread is asked: a page, or the bare rows of these columns. */
export interface Order {
  id: number;
  chunks: Uint8Array[];
  columns: TrinoColumn[] | null;
  chosen: Chosen | null;
}

export type Reply =
  | { id: number; read: ReadRows & { head: PageHead | null } }
  | { id: number; fault: { fault: PageFault; message: string; offset: number | null; misfit: Misfit | null } }
  | { id: number; bug: string };
