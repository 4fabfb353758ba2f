import type { Cell } from '#lib/notebook/cell.ts';
import { parametersIn } from '#lib/notebook/input.ts';
import type { PromotionView } from '#lib/job/view.ts';
import { toRows } from '#lib/table/text.ts';
import type { Trying } from '#lib/job/evidence.ts';
import { linesOf } from '#lib/client/api/connections.ts';
import { toRefusal, type Answer, type Refusal } from '#lib/client/call.ts';
import type { NotebookStore, Result } from './store.ts';

/** What the page shows of a cell, for the server to compare with: exact texts, and the window of the inputs they were made with. */
export interface ShownRows {
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
  complete: boolean;
  windowStart?: string;
  windowEnd?: string;
}

/** The server compares no more rows, and takes no bigger body. */
const mostRows = 10_000;
const mostText = 3_000_000;

/** The cell's rows if they are those of its text and inputs as they are now; null when there is nothing to compare. */
export function shownRows(store: NotebookStore, cell: Cell): ShownRows | null {
  const view = store.snapshot().cells.find((each) => each.cell.id === cell.id);
  const result = store.result(cell.id);
  if (view?.run.state !== 'good' || !result || result.rows > mostRows) return null;
  const shown = { ...toShown(result), ...windowOf(store.snapshot().cells.map((each) => each.cell)) };
  return JSON.stringify(shown.rows).length > mostText ? null : shown;
}

/** `onTrying` hears what the server is at. */
export async function promoteCell(
  store: NotebookStore,
  cell: Cell,
  asked: object,
  onTrying: (trying: Trying) => void,
): Promise<Answer<PromotionView>> {
  const notebook = shownRows(store, cell);
  const body = { cell: cell.id, ...asked, ...(notebook ? { notebook } : {}) };
  try {
    const response = await fetch(`/api/notebooks/${store.snapshot().id}/promotions`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { accept: 'application/x-ndjson', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok || !response.body) return { ok: false, problem: await toRefusal(response) };
    for await (const line of linesOf(response.body)) {
      const said = JSON.parse(line) as { progress: Trying } | { result: PromotionView } | { problem: Refusal };
      if ('result' in said) return { ok: true, value: said.result };
      if ('problem' in said) return { ok: false, problem: said.problem };
      onTrying(said.progress);
    }
  } catch {
    // Cut off in the middle, as below.
  }
  return { ok: false, problem: broken };
}

const broken: Refusal = {
  status: 0,
  code: 'offline',
  detail: 'The server stopped answering before the trial ended. Look among the reviews before you try again.',
};

function toShown({ batches, columns, complete }: Result): ShownRows {
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows: toRows(batches), complete };
}

function windowOf(cells: Cell[]): Pick<ShownRows, 'windowStart' | 'windowEnd'> {
  const { window_start: start, window_end: end } = parametersIn(cells);
  return {
    ...(start?.value ? { windowStart: String(start.value) } : {}),
    ...(end?.value ? { windowEnd: String(end.value) } : {}),
  };
}
