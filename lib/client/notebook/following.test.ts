import { tableToIPC, Int64, Table, TimestampMicrosecond, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import type { StreamView } from '#lib/client/api/streams.ts';
import { Following } from './following.ts';
import { Streams } from './streams.ts';

async function setUp() {
  const state = { newest: 5, readers: ['cell'], fetched: 0 };
  const view = { id: 's', name: 'visits', columns: [], eventTime: 'time', events: 6, rate: 1, lastReceivedAt: null };
  const streams = new Streams(
    async () => ({ ok: true, value: [view as unknown as StreamView] }),
    async (_, { from }) => {
      state.fetched += 1;
      const offsets = Array.from({ length: Math.max(0, state.newest + 1 - from) }, (__, at) => state.newest - at);
      const table = new Table({
        _offset: vectorFromArray(offsets.map(BigInt), new Int64()),
        _received_at: vectorFromArray(offsets, new TimestampMicrosecond()),
      });
      return { ok: true, value: { bytes: tableToIPC(table, 'stream'), at: state.newest } };
    },
  );
  await streams.refresh();
  const ran: string[][] = [];
  const following = new Following({ streams, readersOf: () => state.readers, runAgain: (ids) => ran.push(ids) });
  return { state, streams, following, ran };
}

describe('cells that follow a stream', () => {
  it('run again when it has other rows, and only then', async () => {
    const { state, following, ran } = await setUp();
    await following.look();
    await following.look();
    expect(ran).toEqual([['cell']]);
    state.newest += 1;
    await following.look();
    expect(ran).toEqual([['cell'], ['cell']]);
  });

  it('a stream that no cell reads, or that is paused, is not fetched', async () => {
    const { state, streams, following, ran } = await setUp();
    state.readers = [];
    await following.look();
    state.readers = ['cell'];
    streams.setReading('s', { isLive: false });
    await following.look();
    expect([state.fetched, ran]).toEqual([0, []]);
    streams.setReading('s', { isLive: true });
    await following.look();
    expect(ran).toEqual([['cell']]);
  });

  it('how a stream is read stays when the list comes anew', async () => {
    const { streams } = await setUp();
    streams.setReading('s', { minutes: 5 });
    await streams.refresh();
    expect(streams.named('VISITS')).toMatchObject({ minutes: 5, isLive: true });
    expect(streams.windowOf(streams.named('visits')!).minutes).toBe(5);
  });
});
