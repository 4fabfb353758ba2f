import { describe, expect, it } from 'vitest';
import { Minutes } from './minutes.ts';

const minute = 60_000;
const moment = (first: number, rows: number, received: number, latest: number) => ({
  first,
  rows,
  received,
  parts: { '': latest },
  spans: [],
});

describe('how events came', () => {
  it('is counted by the minute they came in, with the most that the newest was behind', () => {
    const minutes = new Minutes(0, 3);
    minutes.take(moment(0, 5, 10 * minute, 10 * minute - 2000));
    minutes.take(moment(5, 7, 10 * minute + 30_000, 10 * minute + 29_500));
    minutes.take(moment(12, 1, 12 * minute + 1, 12 * minute));
    expect(minutes.next).toBe(13);
    expect(minutes.until(12 * minute + 5)).toEqual([
      { start: 10 * minute, events: 12, behind: 2000 },
      { start: 11 * minute, events: 0, behind: null },
      { start: 12 * minute, events: 1, behind: 1 },
    ]);
  });

  it('does not take a batch of late events for being behind', () => {
    const minutes = new Minutes(0, 2);
    minutes.take(moment(0, 1, 10 * minute, 10 * minute));
    minutes.take(moment(1, 1, 10 * minute + 100, 2 * minute));
    expect(minutes.until(10 * minute + 200).at(-1)).toEqual({ start: 10 * minute, events: 2, behind: 100 });
  });

  it('keeps the newest minutes only', () => {
    const minutes = new Minutes(0, 2);
    for (const at of [1, 2, 3]) minutes.take(moment(at, 1, at * minute, at * minute));
    expect(minutes.until(3 * minute).map(({ events }) => events)).toEqual([1, 1]);
    expect(minutes.until(5 * minute).map(({ events }) => events)).toEqual([0, 0]);
  });
});
