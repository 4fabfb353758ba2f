import { expect, it } from 'vitest';
import { fractionOf, tryingWords } from './trying-words.ts';

const replay = { phase: 'replay', done: 40_000, total: 120_000, of: 'events' } as const;
const trial = { phase: 'trial', done: 0, total: 0, of: 'windows' } as const;

it('says what the server is at, and how far', () => {
  expect(tryingWords(replay)).toBe('replaying 40,000 of 120,000 events');
  expect(tryingWords({ ...replay, done: 3, total: 9, of: 'windows' })).toBe('replaying 3 of 9 windows');
  expect(tryingWords(trial)).toBe('trying one past window');
  expect(tryingWords({ ...trial, of: 'events' })).toBe('trying the last events');
  expect(tryingWords({ ...replay, done: 0, total: 0 })).toBeNull();
});

it('draws a fraction of a replay only', () => {
  expect(fractionOf(replay)).toBeCloseTo(1 / 3);
  expect(fractionOf(trial)).toBeNull();
});
