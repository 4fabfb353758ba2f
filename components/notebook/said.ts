import { whole } from '#components/parts/words.ts';
import type { CellView, Result } from '#lib/client/notebook/store.ts';

/** What stands beside a cell's name in the list of them: its rows, or what it is instead. */
export function said({ cell, run }: Pick<CellView, 'cell' | 'run'>, result: Result | null): string {
  if (cell.type === 'input') return String(cell.input?.value ?? '');
  if (cell.type === 'chart') return cell.chart?.type ?? '';
  if (!run.done) return run.state === 'running' ? 'running' : '';
  if (cell.type === 'typescript' && result?.columns.length === 0) return result.values.length > 0 ? 'value' : '';
  const rows = whole(run.done.rows);
  if (run.done.complete) return rows;
  return result?.isOfPart ? `${rows} of a part` : `first ${rows}`;
}
