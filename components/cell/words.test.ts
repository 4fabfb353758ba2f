import { describe, expect, it } from 'vitest';
import { idle } from './idle-run.ts';
import { shownOf } from './shown-run.ts';
import { aboutRows, counting, leftWords, listed, tookWords } from './words.ts';

describe('times and counts of a run', () => {
  it('a finished run says its time with the unit that fits', () => {
    expect(tookWords(6)).toBe('6 ms');
    expect(tookWords(1840)).toBe('1.84 s');
  });
  it('a running one counts in minutes and seconds', () => {
    expect(counting(23_400)).toBe('0:23');
    expect(counting(125_000)).toBe('2:05');
  });
  it('large counts are about right and say so by their unit', () => {
    expect(aboutRows(412)).toBe('412');
    expect(aboutRows(93_200_000)).toBe('93.2 M');
    expect(aboutRows(2_310_000_000)).toBe('2.31 B');
  });
  it('time left is said after ten seconds and only when something is known', () => {
    expect(leftWords(5_000, 0.5)).toBeNull();
    expect(leftWords(20_000, undefined)).toBeNull();
    expect(leftWords(23_000, 0.62)).toBe('about 15 s');
  });
  it('names are listed as they are said', () => {
    expect(listed([])).toBe('');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  });
});

describe('what is seen of a run', () => {
  const good = { ...idle, state: 'good' as const };
  const running = { ...idle, state: 'running' as const, startedAt: 1000 };
  it('nothing of it in its first 300 ms', () => expect(shownOf(running, good, false)).toBe(good));
  it('that it runs, after that', () => expect(shownOf(running, good, true)).toBe(running));
  it('its end at once', () => expect(shownOf(good, idle, false)).toBe(good));
  it('that it runs, where nothing was before', () => expect(shownOf(running, running, false)).toBe(running));
});
