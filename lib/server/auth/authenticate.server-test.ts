import { afterAll, beforeAll, expect, test } from 'vitest';
import { bearerHeaders, makeActor, pageHeaders } from '#lib/testing/people.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { authenticate } from './authenticate.ts';

let lodestar: TestLodestar;
let clock = new Date('2026-11-21T10:00:00Z');
beforeAll(async () => {
  lodestar = await startLodestar({ now: () => clock });
});
afterAll(() => lodestar.close());

test('nobody is signed in without a header', async () => {
  expect(await authenticate(new Headers())).toBeNull();
  expect(await authenticate({})).toBeNull();
});

test('a page cookie names its person, through Headers and through Node headers alike', async () => {
  const actor = await makeActor({ name: 'Ada' });
  const headers = await pageHeaders(actor);
  expect(await authenticate(headers)).toEqual(actor);
  expect(await authenticate(new Headers(headers))).toEqual(actor);
});

test('a script session names its person', async () => {
  const actor = await makeActor();
  expect((await authenticate(await bearerHeaders(actor)))?.userId).toBe(actor.userId);
});

test('a forged cookie is nobody', async () => {
  const actor = await makeActor();
  const { cookie } = await pageHeaders(actor);
  expect(await authenticate({ cookie: `${cookie.slice(0, -4)}AAAA` })).toBeNull();
  expect(await authenticate({ cookie: `next-auth.session-token=${actor.via.id}` })).toBeNull();
});

test('a cookie that is no text is nobody', async () => {
  expect(await authenticate({ cookie: 'next-auth.session-token=%E0%A4%A' })).toBeNull();
});

test('a wrong bearer token does not fall back to the cookie', async () => {
  const actor = await makeActor();
  expect(await authenticate({ ...(await pageHeaders(actor)), authorization: 'Bearer lss_wrong' })).toBeNull();
});

test('an ended session is nobody, at once', async () => {
  const actor = await makeActor();
  const headers = await pageHeaders(actor);
  await lodestar.db.session.update({ where: { id: actor.via.id }, data: { endedAt: clock } });
  expect(await authenticate(headers)).toBeNull();
});

test('an expired session is nobody', async () => {
  const actor = await makeActor();
  const headers = [await pageHeaders(actor), await bearerHeaders(actor)];
  const before = clock;
  clock = new Date(clock.getTime() + 31 * 24 * 3_600_000);
  for (const header of headers) expect(await authenticate(header)).toBeNull();
  clock = before;
});
