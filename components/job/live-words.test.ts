import { describe, expect, it } from 'vitest';
import type { LiveView } from '#lib/job/view.ts';
import { behindClock, lateWords, liveWords, rateText, startWords, waitingWords, waitWords } from './live-words.ts';

const live: LiveView = {
  stream: { id: 's', name: 'visits' },
  position: 100,
  end: 431,
  lag: 0.84,
  watermark: '2026-11-21T14:02:25Z',
  open: [],
  eventsIn: 100,
  rowsOut: 9,
  late: 0,
  deadLetters: 0,
  rateIn: 412.3,
  rateOut: 6.9,
  slowest: null,
  node: 'worker 2',
  since: '2026-11-21T13:37:07Z',
  trouble: null,
  next: null,
  lateDataset: null,
  minutes: [],
  notices: [],
};

it.each([
  [0, '0 s'],
  [0.84, '0.8 s'],
  [41.4, '41 s'],
  [210, '3.5 min'],
  [7800, '2 h 10 min'],
])('a wait of %d seconds is %s', (seconds, words) => expect(waitWords(seconds)).toBe(words));

it('rates are whole where they are large', () => {
  expect([412.3, 6.94, 0].map(rateText)).toEqual(['412', '6.9', '0']);
});

describe('the head says', () => {
  const words = (change: Partial<LiveView>, state: 'active' | 'paused' | 'draining' = 'active') =>
    liveWords({ state, live: { ...live, ...change } });

  it('how fast and how far behind', () =>
    expect(words({})).toEqual({ mark: 'running', says: 'live: 412 events a second, 0.8 s behind' }));
  it('that nothing comes', () => expect(words({ rateIn: 0, position: 431 }).says).toContain('everything is answered'));
  it('that it is paused and what waits', () =>
    expect(words({}, 'paused')).toEqual({ mark: 'idle', says: 'paused; 331 events wait' }));
  it('that it drains', () => expect(words({}, 'draining').says).toContain('then pauses'));
  it('that nobody has it', () => expect(words({ node: null }).mark).toBe('queued'));
  it('that it needs someone, before all else', () =>
    expect(words({ trouble: { code: 'x', message: 'y' }, node: null }, 'paused').mark).toBe('failed'));
  it('that it is held up, while it tries again', () =>
    expect(words({ trouble: { code: 'lost', message: 'y' } }).says).toBe('held up, it tries again; 331 events wait'));
});

it('nothing and one are words', () => {
  expect(waitingWords({ position: 4, end: 4 })).toBe('nothing waits');
  expect(waitingWords({ position: 4, end: 5 })).toBe('1 event waits');
});

it('the watermark is behind the clock, or at it', () => {
  expect(behindClock('2026-11-21T14:02:25Z', '2026-11-21T14:02:31Z')).toBe('6 s behind the clock');
  expect(behindClock('2026-11-21T14:02:25Z', '2026-11-21T14:02:20Z')).toBe('at the clock');
});

it('late events and the start have their words', () => {
  expect(lateWords({ do: 'correct', for: 600 }, 'out')).toBe('then corrects for 10 min');
  expect(lateWords({ do: 'keep' }, 'out')).toBe('then kept in out_late');
  expect(startWords('2026-11-21T13:00:00Z', 'Europe/Berlin')).toBe('Sat 21 Nov 14:00');
});
