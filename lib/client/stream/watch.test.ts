import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StreamApi, StreamView } from '#lib/client/api/streams.ts';
import { StreamWatch, tailColumns } from './watch.ts';

const elsewhere = { status: 503, code: 'stream-elsewhere', detail: 'Written by another.' };

/** A stream in memory, asked as the server is. */
function setUp({ events = 3 } = {}) {
  const state = { events, dead: 0, refuses: false, looks: 0, asked: [] as number[] };
  const columns = [
    { name: 'page', type: 'VARCHAR' },
    { name: 'time', type: 'TIMESTAMP' },
  ];
  const view = () =>
    ({
      id: 's',
      columns,
      eventTime: 'time',
      firstOffset: 0,
      offset: state.events,
      deadLetters: state.dead,
      trouble: null,
    }) as unknown as StreamView;
  const api = {
    read: async () => {
      state.looks += 1;
      return state.refuses ? { ok: false, problem: elsewhere } : { ok: true, value: view() };
    },
    rates: async () => ({ ok: true, value: { asOf: '', minutes: [] } }),
    readers: async () => ({ ok: true, value: { items: [] } }),
    events: async (from: number, limit: number) => {
      state.asked.push(from);
      const count = Math.max(0, Math.min(limit, state.events - from));
      const items = Array.from({ length: count }, (_, at) => ({
        _offset: String(from + at),
        _received_at: '2026-11-21 10:00:00',
        page: `/${from + at}`,
      }));
      return { ok: true, value: { items, next: from + count, end: state.events } };
    },
    deadLetters: async () => {
      const items = Array.from({ length: state.dead }, (_, number) => ({
        number,
        receivedAt: '2026-11-21T10:00:01.000Z',
        reason: 'page is 1, which is no VARCHAR.',
        raw: '{"page":1}',
        isCut: false,
      }));
      return { ok: true, value: { items, next: null } };
    },
  } as unknown as StreamApi;
  const engine = () => ({
    async *run() {
      yield {
        type: 'failed' as const,
        error: { code: 'unknown-name' as const, message: 'There is no column contry.' },
      };
    },
  });
  const first = { view: view(), rates: null, readers: null, dead: null };
  const watch = new StreamWatch({ first, api, engine, isHidden: () => false, every: 1 });
  open.push(watch);
  return { state, watch };
}

const open: StreamWatch[] = [];
afterEach(() => open.splice(0).forEach((watch) => watch.close()));

const shown = (watch: StreamWatch) => watch.snapshot().tail.rows.map(({ id }) => id);
const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 10_000, interval: 1 });

describe('a stream that is watched', () => {
  it('is followed event by event, each asked for once', async () => {
    const { state, watch } = setUp();
    watch.start();
    await until(() => shown(watch).length === 3);
    state.events = 5;
    await until(() => shown(watch).length === 5);
    expect(shown(watch)).toEqual(['e4', 'e3', 'e2', 'e1', 'e0']);
    expect(state.asked).toEqual([0, 3]);
  });

  it('goes on from the end where more came than can be read, and says how many it passed over', async () => {
    const { state, watch } = setUp();
    watch.start();
    await until(() => shown(watch).length === 3);
    state.events = 10_000;
    await until(() => shown(watch)[0] === 'e9999');
    expect(watch.snapshot().passed).toBe(9_997 - 500);
  });

  it('has dead letters where they came, read again only when there are more', async () => {
    const { state, watch } = setUp();
    watch.start();
    await until(() => shown(watch).length === 3);
    state.dead = 1;
    await until(() => shown(watch)[0] === 'd0');
    expect(watch.snapshot().dead).toHaveLength(1);
  });

  it('stays as it was when it cannot be looked at, says why, and goes on', async () => {
    const { state, watch } = setUp();
    watch.start();
    await until(() => shown(watch).length === 3);
    state.refuses = true;
    await until(() => watch.snapshot().problem !== null);
    expect(shown(watch)).toHaveLength(3);
    state.refuses = false;
    state.events = 4;
    await until(() => shown(watch).length === 4);
    expect(watch.snapshot().problem).toBeNull();
  });

  it('a filter that is wrong says why, and what is shown stays', async () => {
    const { watch } = setUp();
    watch.start();
    await until(() => shown(watch).length === 3);
    await watch.setFilter('contry = 1');
    expect(watch.snapshot().filter).toMatchObject({ state: 'wrong', why: 'There is no column contry.' });
    expect(shown(watch)).toHaveLength(3);
    await watch.setFilter('');
    expect(watch.snapshot().filter.state).toBe('none');
  });
});

it('the event time stands first', () => {
  const columns = ['page', 'time', '_offset'].map((name) => ({ name, type: 'VARCHAR' }));
  expect(tailColumns({ columns, eventTime: 'time' }).map(({ name }) => name)).toEqual(['time', 'page']);
});
