import { expect, it, vi } from 'vitest';
import type { Cell } from '#lib/notebook/cell.ts';
import { streamRead, writeWindow } from './promote-stream.ts';
import type { CellView, NotebookStore } from './store.ts';

const visits = { id: 's', name: 'visits', eventTime: 'time' };
const view = (name: string, source: string, reads: string[] = [], type: Cell['type'] = 'sql') =>
  ({ cell: { id: name, name, source, type }, reads }) as unknown as CellView;

const narrowed =
  'SELECT count(*) FROM (SELECT * FROM visits WHERE time >= {{window_start}} AND time < {{window_end}}) AS visits';

it('a cell reads a stream itself, or through others', () => {
  const cells = [view('base', 'SELECT count(*) FROM visits'), view('top', 'SELECT * FROM base', ['base'])];
  expect(streamRead(cells, 'top', [visits])).toEqual({
    stream: visits,
    hasWindow: false,
    narrowed: [{ id: 'base', source: narrowed }],
  });
});

it('what the engine says counts too, and a text that names the window has one', () => {
  const cells = [view('top', 'FROM a, visits WHERE time >= {{window_start}} AND time < {{window_end}}', ['visits'])];
  expect(streamRead(cells, 'top', [visits])).toMatchObject({ hasWindow: true, narrowed: [] });
});

it('other cells read none', () => {
  expect(streamRead([view('top', 'SELECT 1 FROM shops')], 'top', [visits])).toBeNull();
  expect(streamRead([view('top', 'visits', ['visits'], 'typescript')], 'top', [visits])).toBeNull();
});

it('a window is written into the text with the inputs it needs, and is on the server then', async () => {
  const cells = [view('top', 'SELECT count(*) FROM visits'), view('window_end', '', [], 'input')];
  const state = { sync: 'storing' };
  const listeners: (() => void)[] = [];
  const act = { add: vi.fn(), setSource: vi.fn() };
  const store = {
    snapshot: () => ({ cells, sync: { state: state.sync } }),
    subscribe: (listener: () => void) => {
      listeners.push(listener);
      return () => {};
    },
    act,
  } as unknown as NotebookStore;
  const read = streamRead(cells, 'top', [visits])!;
  const written = writeWindow(store, cells[0]!.cell, read, new Date('2026-11-21T14:02:31Z'));
  state.sync = 'stored';
  listeners.forEach((listener) => listener());
  await written;
  expect(act.add.mock.calls).toEqual([
    [
      { type: 'input', name: 'window_start', source: '', input: { kind: 'timestamp', value: '2026-11-21 14:01:00' } },
      { before: 'top' },
    ],
  ]);
  expect(act.setSource.mock.calls).toEqual([['top', narrowed]]);
});
