import { expect, test } from 'vitest';
import { CloseCode, finalWords } from './close-codes.ts';

test('what a stock client gives up on is what people are told about', () => {
  const codes = Object.values(CloseCode).filter((code) => code >= 4400 && code < 4500);
  expect(codes.every((code) => finalWords(code) !== null)).toBe(true);
});

test('a restart, a slow reader and a lost line are not final', () => {
  for (const code of [CloseCode.restarting, CloseCode.tooSlow, 1006, 1001]) expect(finalWords(code)).toBeNull();
});
