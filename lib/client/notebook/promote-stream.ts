import type { StreamView } from '#lib/client/api/streams.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { sameName } from '#lib/notebook/name.ts';
import { parametersOf } from '#lib/sql/compile.ts';
import { withinWindow } from '#lib/sql/within.ts';
import type { CellView, NotebookStore } from './store.ts';

type Stream = Pick<StreamView, 'id' | 'name' | 'eventTime'>;

/** The stream a cell reads, itself or through others. */
export interface StreamRead {
  stream: Stream;
  /** Whether what is read on the way names the window. */
  hasWindow: boolean;
  /** The cells in whose text a window can be written, with that text. */
  narrowed: { id: string; source: string }[];
}

/** null where the cell reads none of the streams. */
export function streamRead(cells: readonly CellView[], cellId: string, streams: readonly Stream[]): StreamRead | null {
  const chain = chainOf(cells, cellId);
  const stream = streams.find(({ name }) => chain.some((each) => readsName(each, name)));
  if (!stream) return null;
  const named = new Set(chain.flatMap(({ cell }) => parametersOf(cell.source)));
  return {
    stream,
    hasWindow: named.has('window_start') && named.has('window_end'),
    narrowed: chain.flatMap(({ cell }) => {
      const source = withinWindow(cell.source, stream.name, stream.eventTime);
      return source === null ? [] : [{ id: cell.id, source }];
    }),
  };
}

/** The cell and the SQL cells it reads. */
function chainOf(cells: readonly CellView[], cellId: string): CellView[] {
  const chain: CellView[] = [];
  const visit = (view: CellView | undefined) => {
    if (!view || view.cell.type !== 'sql' || chain.includes(view)) return;
    chain.push(view);
    for (const name of view.reads) visit(cells.find(({ cell }) => cell.name !== '' && sameName(cell.name, name)));
  };
  visit(cells.find(({ cell }) => cell.id === cellId));
  return chain;
}

function readsName({ cell, reads }: CellView, name: string): boolean {
  return reads.some((each) => sameName(each, name)) || withinWindow(cell.source, name, 'time') !== null;
}

const minute = 60_000;

/**
 * Writes a window into the texts that read the stream, adds the inputs they need with the last whole minute in UTC, and waits
 * until the server has it all.
 */
export async function writeWindow(
  store: NotebookStore,
  cell: Cell,
  { narrowed }: StreamRead,
  now: Date,
): Promise<void> {
  const end = Math.floor(now.getTime() / minute) * minute;
  const inputs = { window_start: end - minute, window_end: end };
  for (const [name, at] of Object.entries(inputs)) {
    if (store.snapshot().cells.some((each) => sameName(each.cell.name, name))) continue;
    const input = { kind: 'timestamp' as const, value: new Date(at).toISOString().slice(0, 19).replace('T', ' ') };
    store.act.add({ type: 'input', name, source: '', input }, { before: cell.id });
  }
  for (const { id, source } of narrowed) store.act.setSource(id, source);
  await stored(store);
}

/** Resolves when every edit is on the server, or cannot be. */
function stored(store: NotebookStore): Promise<void> {
  const isDone = () => !['storing', 'connecting'].includes(store.snapshot().sync.state);
  if (isDone()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = store.subscribe(() => {
      if (!isDone()) return;
      stop();
      resolve();
    });
  });
}
