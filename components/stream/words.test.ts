import { describe, expect, it } from 'vitest';
import type { StreamView } from '#lib/client/api/streams.ts';
import { ageWords, causesOf, keptWords, kindWords, liveWords, manyWords, rateWords } from './words.ts';

describe('words about streams', () => {
  it('rates', () => expect([0, 0.04, 3.44, 412.4].map(rateWords)).toEqual(['0', '< 0.1', '3.4', '412']));

  it('ages', () => {
    const ages = [0.84, 9.96, 119, 121, 7300, 200_000, -2];
    expect(ages.map(ageWords)).toEqual(['0.8 s', '10 s', '119 s', '2 min', '2 h', '2 days', '−2.0 s']);
  });

  it('how a stream stands', () => {
    const view = { rate: 412, lag: 0.8, isIdle: false, trouble: null, lastReceivedAt: 'x' } as StreamView;
    expect(liveWords(view)).toBe('live: 412 events a second, the newest is 0.8 s old');
    expect(liveWords({ ...view, isIdle: true, lag: 720 })).toBe('quiet: the newest is 12 min old');
    expect(liveWords({ ...view, lastReceivedAt: null })).toBe('waits for its first event');
    expect(liveWords({ ...view, trouble: 'elsewhere' })).toBe('cannot be read from here now');
    expect(liveWords({ ...view, lag: -3 })).toContain('3.0 s ahead of our clock');
  });

  it('what is kept', () => {
    expect(keptWords({ days: null, bytes: null })).toBe('everything');
    expect(keptWords({ days: 1, bytes: null })).toBe('1 day');
    expect(keptWords({ days: 7, bytes: 10e9 })).toBe('7 days, at most 10.0 GB');
    expect([99_999, 1_234_567, 248_600_000].map(manyWords)).toEqual(['99,999', '1.2 M', '248.6 M']);
  });

  it('jobs', () => {
    expect(kindWords({ kind: 'tumbling', window: { unit: 'minute', size: 1 } })).toBe('job, each minute');
    expect(kindWords({ kind: 'tumbling', window: { unit: 'second', size: 30 } })).toBe('job, each 30 seconds');
    expect(kindWords({ kind: 'windowless', window: { unit: 'hour', size: 1 } })).toBe('job, each event');
  });
});

describe('why events were refused', () => {
  const letter = (reason: string, receivedAt: string) => ({ reason, receivedAt });

  it('is counted by what went wrong, whatever the value was', () => {
    const causes = causesOf([
      letter('load_ms is "fast", which is no BIGINT.', 'c'),
      letter('load_ms is "slow, which is no word", which is no BIGINT.', 'b'),
      letter('The line is no JSON: unexpected end.', 'b'),
      letter('time is 0001-01-01 00:00:00, before 1970.', 'a'),
      letter('time is 2030-01-01 00:00:00, more than 600 s ahead of the time it came (x).', 'a'),
      letter('load_ms is 1.5, which is no BIGINT.', 'a'),
    ]);
    expect(causes.map(({ why, events }) => [why, events])).toEqual([
      ['load_ms is no BIGINT', 3],
      ['The line is no JSON: unexpected end', 1],
      ['time is before 1970', 1],
      ['time is more than 600 s ahead', 1],
    ]);
    expect(causes[0]).toMatchObject({ last: 'load_ms is "fast", which is no BIGINT.', lastAt: 'c' });
    expect(causes[1]).toMatchObject({ last: '', lastAt: 'b' });
  });
});
