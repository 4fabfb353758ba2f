import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Renewing } from './renewing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp({ takes = 100, resting = [] as string[], isKnown = true, changed = [] as string[] } = {}) {
  const said: string[] = [];
  let busyUntil = 0;
  const renewing = new Renewing({
    grow: () => isKnown,
    refresh: () => {
      said.push('refresh');
      return Promise.resolve(changed);
    },
    readersOf: () => ({ ready: Date.now() < busyUntil ? [] : ['a', 'b'], resting, isBusy: Date.now() < busyUntil }),
    runAgain: (ids) => {
      said.push(`run ${ids.join(' ')}`);
      busyUntil = Date.now() + takes;
    },
    outdate: (ids, name) => said.push(`outdate ${ids.join(' ')}: ${name}`),
  });
  const publish = (version: number) => renewing.published({ datasetId: 'd', name: 'sessions', version });
  return { renewing, said, publish };
}

it('cells run again at once, then at most once a second', () => {
  const { said, publish } = setUp();
  for (let version = 1; version <= 20; version++) {
    publish(version);
    vi.advanceTimersByTime(100);
  }
  expect(said).toEqual(['run a b', 'run a b']);
  vi.advanceTimersByTime(10_000);
  expect(said).toHaveLength(3);
  vi.advanceTimersByTime(10_000);
  expect(said).toHaveLength(3);
});

it('what takes long is not begun again before it is done, and rests then', () => {
  const { said, publish } = setUp({ takes: 4000 });
  publish(1);
  vi.advanceTimersByTime(3000);
  publish(2);
  vi.advanceTimersByTime(5000);
  expect(said).toHaveLength(1);
  vi.advanceTimersByTime(10_000);
  expect(said).toHaveLength(2);
});

it('cells that must not run by themselves are told', () => {
  const { said, publish } = setUp({ resting: ['t'] });
  publish(1);
  expect(said).toEqual(['outdate t: sessions', 'run a b']);
});

it('an unknown dataset, and what may have been missed, is listed anew, and what changed is followed', async () => {
  const { renewing, said, publish } = setUp({ isKnown: false, changed: ['sessions'] });
  publish(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(said).toEqual(['refresh', 'run a b']);
  renewing.again();
  await vi.advanceTimersByTimeAsync(2000);
  expect(said).toEqual(['refresh', 'run a b', 'refresh', 'run a b']);
});

it('nothing after it is closed', () => {
  const { renewing, said, publish } = setUp();
  publish(1);
  publish(2);
  renewing.close();
  vi.advanceTimersByTime(10_000);
  publish(3);
  expect(said).toEqual(['run a b']);
});
