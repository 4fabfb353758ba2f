import type { LocalTable } from './file.ts';
import { KernelFailure } from '#kernels/failure.ts';

/** Looks at a file and says how it becomes a table. */
export async function openFile(name: string, file: File): Promise<LocalTable> {
  throw new KernelFailure({ code: 'unsupported', message: `${file.name} ${name}` });
}
