import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applySync, startSync, toSyncState, type Sync, type SyncEvent } from './pending.ts';

function after(...events: SyncEvent[]): { sync: Sync; barriers: number[] } {
  let sync = startSync;
  const barriers: number[] = [];
  for (const event of events) {
    const next = applySync(sync, event);
    sync = next.sync;
    if (next.barrier !== null) barriers.push(next.barrier);
  }
  return { sync, barriers };
}

const edited: SyncEvent = { type: 'edited' };
const synced: SyncEvent = { type: 'synced' };
const down: SyncEvent = { type: 'down' };
const answered = (n: number): SyncEvent => ({ type: 'answered', n, at: 1000 + n });

test('stored is shown only after the server said so', () => {
  expect(toSyncState(after().sync).state).toBe('connecting');
  expect(toSyncState(after(synced).sync).state).toBe('connecting');
  expect(toSyncState(after(synced, answered(0)).sync)).toEqual({ state: 'stored', pending: 0, at: 1000, reason: '' });
});

test('an edit is pending until its barrier is answered', () => {
  const { sync, barriers } = after(synced, answered(0), edited);
  expect(barriers).toEqual([0, 1]);
  expect(toSyncState(sync)).toMatchObject({ state: 'storing', pending: 1 });
  expect(toSyncState(applySync(sync, answered(1)).sync)).toMatchObject({ state: 'stored', pending: 0, at: 1001 });
});

test('one barrier is under way at a time; the next covers all that was typed meanwhile', () => {
  const { sync, barriers } = after(synced, answered(0), edited, edited, edited, answered(1));
  expect(barriers).toEqual([0, 1, 3]);
  expect(toSyncState(sync).pending).toBe(2);
});

test('edits made offline wait, and are asked for once document and server have met again', () => {
  const offline = after(synced, answered(0), edited, down, edited);
  expect(toSyncState(offline.sync)).toMatchObject({ state: 'offline', pending: 2 });
  expect(offline.barriers).toEqual([0, 1]);
  const back = applySync(offline.sync, synced);
  expect(back.barrier).toBe(2);
  expect(toSyncState(applySync(back.sync, answered(2)).sync)).toMatchObject({ state: 'stored', pending: 0 });
});

test('an answer from before the line broke counts for nothing', () => {
  const { sync } = after(synced, answered(0), edited, down, answered(1));
  expect(toSyncState(sync)).toMatchObject({ state: 'offline', pending: 1 });
});

test('refused stays refused and says why', () => {
  const { sync } = after(synced, answered(0), edited, { type: 'refused', reason: 'Sign in again.' }, down, synced);
  expect(toSyncState(sync)).toMatchObject({ state: 'refused', pending: 1, reason: 'Sign in again.' });
});

test('whatever happens, stored never runs ahead of what was asked, and everything is asked for in the end', () => {
  const events = fc.array(fc.constantFrom('edited', 'synced', 'down', 'answer'), { maxLength: 60 });
  fc.assert(
    fc.property(events, (names) => {
      let sync = startSync;
      const feed = (event: SyncEvent) => (sync = applySync(sync, event).sync);
      for (const name of names)
        if (name === 'answer') feed(answered(sync.asked ?? 0));
        else feed({ type: name } as SyncEvent);
      expect(sync.stored).toBeLessThanOrEqual(sync.edited);
      feed(synced);
      for (let round = 0; round < 3 && sync.asked !== null; round += 1) feed(answered(sync.asked));
      expect(toSyncState(sync)).toMatchObject({ state: 'stored', pending: 0 });
    }),
  );
});
