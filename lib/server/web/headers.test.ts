import { expect, test } from 'vitest';
import { headersFor } from './headers.ts';

const policyOf = (path: string) => headersFor(path).response['content-security-policy'] ?? '';

test('a page may not eval, and runs only scripts of ours or with its nonce', () => {
  const scripts = policyOf('/')
    .split('; ')
    .find((rule) => rule.startsWith('script-src'));
  expect(scripts).toMatch(/^script-src 'self' 'nonce-[A-Za-z0-9+/=]{24}' 'wasm-unsafe-eval'$/);
});

test('nothing is loaded from or sent to another host', () => {
  expect(policyOf('/')).not.toMatch(/https?:|wss?:|\*/);
});

test.each(["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "default-src 'self'"])(
  'a page says %s',
  (rule) => {
    expect(policyOf('/projects/x').split('; ')).toContain(rule);
  },
);

test('each answer has its own nonce, and Next is told the same', () => {
  const { request, response } = headersFor('/');
  expect(request['content-security-policy']).toBe(response['content-security-policy']);
  expect(policyOf('/')).not.toBe(policyOf('/'));
});

test('files with a policy of their own keep it', () => {
  expect(headersFor('/sandbox/frame.html').response).toEqual({ 'x-content-type-options': 'nosniff' });
});
