import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, pageHeaders } from '#lib/testing/people.ts';
import { read, send } from '#lib/testing/requests.ts';

let lodestar: TestLodestar;
let clock = new Date('2026-11-21T10:00:00Z');
beforeAll(async () => {
  lodestar = await startLodestar({ now: () => clock });
});
afterAll(() => lodestar.close());

type Made = { id: string; token: string; hint: string };
async function make(headers: Record<string, string>, days: number | null = null): Promise<Made> {
  const { body } = await read<Made>(send('/api/tokens', { method: 'POST', headers, body: { name: 'cron', days } }));
  return body;
}
const me = async (token: string) => (await send('/api/me', { headers: { authorization: `Bearer ${token}` } })).status;

test('a personal access token works until it is revoked, and is shown once', async () => {
  const headers = await pageHeaders(await makeActor());
  const { id, token } = await make(headers);
  expect(await me(token)).toBe(200);
  const list = await read<{ items: object[] }>(send('/api/tokens', { headers }));
  expect(list.body.items).toMatchObject([{ id, name: 'cron', hint: token.slice(0, 8) }]);
  expect(JSON.stringify(list.body)).not.toContain(token);
  expect(JSON.stringify(await lodestar.db.token.findMany())).not.toContain(token);
  expect((await send(`/api/tokens/${id}`, { method: 'DELETE', headers })).status).toBe(204);
  expect(await me(token)).toBe(401);
});

test('a token ends by itself after its days', async () => {
  const { token } = await make(await pageHeaders(await makeActor()), 1);
  const before = clock;
  clock = new Date(clock.getTime() + 86_400_001);
  expect(await me(token)).toBe(401);
  clock = before;
  expect(await me(token)).toBe(200);
});

test("another person's token cannot be revoked, nor seen", async () => {
  const { id, token } = await make(await pageHeaders(await makeActor()));
  const other = await pageHeaders(await makeActor());
  expect((await send(`/api/tokens/${id}`, { method: 'DELETE', headers: other })).status).toBe(404);
  expect(await me(token)).toBe(200);
  expect(await read(send('/api/tokens', { headers: other }))).toMatchObject({ body: { items: [] } });
});

test('sign-ins are listed and ended, each by its own person', async () => {
  const person = await makeActor();
  const page = await pageHeaders(person);
  const script = await bearerHeaders(person);
  const { body } = await read<{ items: { id: string; kind: string; current: boolean }[] }>(
    send('/api/sessions', { headers: page }),
  );
  expect(body.items.map((item) => [item.kind, item.current]).toSorted()).toEqual([
    ['page', true],
    ['script', false],
  ]);
  const id = body.items.find((item) => item.kind === 'script')?.id;
  const other = await pageHeaders(await makeActor());
  expect((await send(`/api/sessions/${id}`, { method: 'DELETE', headers: other })).status).toBe(404);
  expect((await send('/api/me', { headers: script })).status).toBe(200);
  expect((await send(`/api/sessions/${id}`, { method: 'DELETE', headers: page })).status).toBe(204);
  expect((await send('/api/me', { headers: script })).status).toBe(401);
});
