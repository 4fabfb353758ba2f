import { expect, test } from 'vitest';
import { initials, whoOf } from './who.ts';

test('a person keeps their colour, and colours spread', () => {
  expect(whoOf('user-1')).toBe(whoOf('user-1'));
  const seen = new Set(Array.from({ length: 60 }, (_, n) => whoOf(`user-${n}`)));
  expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('initials are two letters', () => {
  expect(initials('Mei')).toBe('Me');
  expect(initials('Mei Lin')).toBe('ML');
  expect(initials('ana maria de souza')).toBe('AS');
  expect(initials('李')).toBe('李');
  expect(initials('  ')).toBe('?');
});
