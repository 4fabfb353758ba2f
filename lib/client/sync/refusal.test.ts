import { expect, test } from 'vitest';
import { askWhyRefused, wordsForStatus } from './refusal.ts';

const answering = (status: number) => async () => new Response(null, { status });

test('signed out, shut out and deleted are final, in words', async () => {
  expect(await askWhyRefused('n', answering(401))).toContain('Sign in again');
  expect(await askWhyRefused('n', answering(403))).toContain('may no longer');
  expect(await askWhyRefused('n', answering(404))).toContain('deleted');
});

test('a server that lets us in, is busy, or cannot be reached is tried again', async () => {
  expect(await askWhyRefused('n', answering(200))).toBeNull();
  expect(await askWhyRefused('n', answering(503))).toBeNull();
  expect(await askWhyRefused('n', () => Promise.reject(new TypeError('fetch failed')))).toBeNull();
  expect(wordsForStatus(429)).toBeNull();
});
