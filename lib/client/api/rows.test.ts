import { afterEach, expect, test, vi } from 'vitest';
import { fetchRows } from './rows.ts';

afterEach(() => vi.unstubAllGlobals());

const answering = (answer: () => Promise<Response>) => vi.stubGlobal('fetch', answer);

test('rows that break off are told from a server that does not answer', async () => {
  answering(() => Promise.reject(new TypeError('fetch failed')));
  expect(await fetchRows('d')).toMatchObject({ ok: false, problem: { code: 'offline' } });
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array([1]));
      controller.error(new TypeError('network error'));
    },
  });
  answering(() => Promise.resolve(new Response(broken)));
  const answer = await fetchRows('d');
  expect(answer).toMatchObject({ ok: false, problem: { code: 'broken-off' } });
  expect(!answer.ok && answer.problem.detail).not.toContain('does not answer');
});

test('whole rows are given, and a reader that left is told so', async () => {
  answering(() => Promise.resolve(new Response(new Uint8Array([1, 2]))));
  expect(await fetchRows('d')).toEqual({ ok: true, value: new Uint8Array([1, 2]) });
  const left = new AbortController();
  answering(() => (left.abort(), Promise.reject(new DOMException('left', 'AbortError'))));
  await expect(fetchRows('d', left.signal)).rejects.toThrow('left');
});
