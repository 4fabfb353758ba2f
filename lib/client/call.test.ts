import { afterEach, expect, test, vi } from 'vitest';
import { call } from './call.ts';

afterEach(() => vi.unstubAllGlobals());
const answering = (response: Response | Error) => {
  const fetch = vi.fn(async () => {
    if (response instanceof Error) throw response;
    return response.clone();
  });
  vi.stubGlobal('fetch', fetch);
  return fetch;
};

test('a good answer is its value', async () => {
  answering(Response.json({ id: 'p1' }, { status: 201 }));
  expect(await call('POST', '/api/projects', { name: 'Shop' })).toEqual({ ok: true, value: { id: 'p1' } });
});

test('an answer without a body is no value', async () => {
  answering(new Response(null, { status: 204 }));
  expect(await call('DELETE', '/api/tokens/t1')).toEqual({ ok: true, value: undefined });
});

test('only a call with a body says that it is JSON', async () => {
  const fetch = answering(Response.json({}));
  await call('GET', '/api/projects');
  await call('POST', '/api/projects', {});
  const sent = fetch.mock.calls as unknown as [string, RequestInit][];
  expect(sent.map(([, init]) => (init.headers as Record<string, string>)['content-type'])).toEqual([
    undefined,
    'application/json',
  ]);
});

test('a refusal keeps its code, its sentence and what else it says', async () => {
  answering(Response.json({ code: 'last-owner', detail: 'A project needs an owner.', retryAfter: 4 }, { status: 409 }));
  expect(await call('DELETE', '/x')).toEqual({
    ok: false,
    problem: { status: 409, code: 'last-owner', detail: 'A project needs an owner.', retryAfter: 4 },
  });
});

test('a page of a proxy is said by its status', async () => {
  answering(new Response('<html>Bad gateway</html>', { status: 502 }));
  const answer = await call('GET', '/x');
  expect(answer).toMatchObject({ ok: false, problem: { status: 502, code: 'unexpected' } });
});

test('no answer is a refusal, too; a call one gave up is not', async () => {
  answering(new TypeError('Failed to fetch'));
  expect(await call('GET', '/x')).toMatchObject({ ok: false, problem: { code: 'offline' } });
  const gone = AbortSignal.abort(new Error('left'));
  await expect(call('GET', '/x', undefined, gone)).rejects.toThrow();
});
