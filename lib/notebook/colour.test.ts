import { expect, test } from 'vitest';
import { newId } from './id.ts';
import { colourOf } from './colour.ts';

test('a person has one colour', () => {
  expect(colourOf('ada')).toBe(colourOf('ada'));
});

test('colours are those of the tokens, and all are used', () => {
  const seen = new Set(Array.from({ length: 500 }, () => colourOf(newId())));
  expect([...seen].sort()).toEqual(['who-1', 'who-2', 'who-3', 'who-4', 'who-5', 'who-6']);
});
