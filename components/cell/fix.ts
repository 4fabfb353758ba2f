import type { KernelError } from '#kernels/kernel.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';
import type { Cell } from '#lib/notebook/cell.ts';

/** The source with the error's own fix in it, or null when there is none or the text has become another. */
export function fixed(source: string, error: KernelError | null): string | null {
  const fix = error?.fix;
  if (!fix || fix.from < 0 || fix.to > source.length || fix.from > fix.to) return null;
  return source.slice(0, fix.from) + fix.text + source.slice(fix.to);
}

/** Mends the text and runs it again. */
export function applyFix(store: NotebookStore, cell: Cell, error: KernelError | null): void {
  const source = fixed(cell.source, error);
  if (source === null) return;
  store.act.setSource(cell.id, source);
  store.act.run(cell.id);
}
