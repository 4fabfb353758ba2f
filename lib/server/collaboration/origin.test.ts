import { expect, test } from 'vitest';
import { mayComeFrom } from './origin.ts';

const allowed = ['http://lodestar.test'];

test('our own origin may come', () => {
  expect(mayComeFrom({ origin: 'http://lodestar.test' }, allowed)).toBe(true);
});

test('foreign, null, absent and look-alike origins may not', () => {
  for (const origin of ['http://evil.test', 'null', '', 'http://lodestar.test.evil.test', 'https://lodestar.test'])
    expect(mayComeFrom({ origin }, allowed), origin).toBe(false);
  expect(mayComeFrom({}, allowed)).toBe(false);
});

test('a bearer token needs no origin', () => {
  expect(mayComeFrom({ authorization: 'Bearer abc' }, allowed)).toBe(true);
  for (const authorization of ['Basic abc', 'Bearer', 'Bearer ', 'Bearer a b'])
    expect(mayComeFrom({ authorization, cookie: 'a=b' }, allowed), authorization).toBe(false);
});
