import { Table, Utf8, Int64, TimestampMicrosecond, tableFromIPC, tableToIPC, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { StreamWindow, type Last } from './stream-window.ts';

const minute = 60_000;

/** A stream whose event n came at minute n, asked as the server answers. */
function stream({ more = false } = {}) {
  const asked: Last[] = [];
  const state = { now: 10, hasMore: more, refuses: false };
  const fetchLast = async (_: string, last: Last) => {
    asked.push(last);
    if (state.refuses)
      return { ok: false as const, problem: { status: 503, code: 'stream-elsewhere', detail: 'Written elsewhere.' } };
    const first = Math.max(last.from, Math.ceil(state.now - last.minutes), 0);
    const offsets = Array.from({ length: Math.max(0, Math.floor(state.now) - first + 1) }, (__, at) => first + at);
    const newest = offsets.reverse().slice(0, last.limit);
    return {
      ok: true as const,
      value: { bytes: tableToIPC(tableOf(newest, state.hasMore), 'stream'), at: state.now * minute },
    };
  };
  return { asked, state, fetchLast };
}

function tableOf(offsets: number[], hasMore: boolean): Table {
  const at = new TimestampMicrosecond();
  return new Table({
    _offset: vectorFromArray(offsets.map(BigInt), new Int64()),
    _received_at: vectorFromArray(
      offsets.map((offset) => offset * minute),
      at,
    ),
    page: vectorFromArray(
      offsets.map((offset) => `/${offset}`),
      new Utf8(),
    ),
    ...(hasMore && {
      country: vectorFromArray(
        offsets.map(() => 'DE'),
        new Utf8(),
      ),
    }),
  });
}

async function offsetsOf(window: StreamWindow): Promise<number[]> {
  const table = tableFromIPC(await window.relation().ipc());
  return [...table.getChild('_offset')!].map(Number);
}

describe('the last minutes of a stream', () => {
  it('are fetched once, then only what came since', async () => {
    const { asked, state, fetchLast } = stream();
    const window = new StreamWindow('s', 3, fetchLast);
    expect(await window.refresh()).toBe(true);
    expect(await offsetsOf(window)).toEqual([10, 9, 8, 7]);
    const { hash } = window.relation();
    state.now = 12;
    expect(await window.refresh()).toBe(true);
    expect(asked.at(-1)!.from).toBe(11);
    expect(await offsetsOf(window)).toEqual([12, 11, 10, 9]);
    expect(window.relation().hash).not.toBe(hash);
    expect(window.at).toBe(12 * minute);
  });

  it('lose what is older, though nothing new came', async () => {
    const { state, fetchLast } = stream();
    const window = new StreamWindow('s', 3, fetchLast);
    await window.refresh();
    expect(await window.refresh()).toBe(false);
    state.now = 10.5;
    expect(await window.refresh()).toBe(true);
    expect(await offsetsOf(window)).toEqual([10, 9, 8]);
  });

  it('say so when there are more than a tab keeps, until all of the minutes is in hand', async () => {
    const { state, fetchLast } = stream();
    const window = new StreamWindow('s', 3, fetchLast, 2);
    await window.refresh();
    expect([await offsetsOf(window), window.relation().complete]).toEqual([[10, 9], false]);
    state.now = 10.9;
    await window.refresh();
    expect([window.rows, window.complete]).toEqual([2, false]);
    const roomy = new StreamWindow('s', 3, fetchLast, 4);
    await roomy.refresh();
    expect(roomy.complete).toBe(true);
  });

  it('begin anew when the stream has another column', async () => {
    const { asked, state, fetchLast } = stream();
    const window = new StreamWindow('s', 3, fetchLast);
    await window.refresh();
    state.hasMore = true;
    state.now = 11;
    await window.refresh();
    expect(asked.map(({ from }) => from)).toEqual([0, 11, 0]);
    expect(window.columns().map(({ name }) => name)).toContain('country');
  });

  it('stay as they were when they cannot be fetched, and say why when there are none', async () => {
    const { state, fetchLast } = stream();
    const [window, empty] = [new StreamWindow('s', 3, fetchLast), new StreamWindow('s', 3, fetchLast)];
    await window.refresh();
    state.refuses = true;
    state.now = 12;
    expect(await window.refresh()).toBe(false);
    expect(await offsetsOf(window)).toEqual([10, 9, 8, 7]);
    await expect(empty.relation().ipc()).rejects.toMatchObject({
      error: { code: 'lost', message: 'Written elsewhere.' },
    });
  });
});
