import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { read, send } from '#lib/testing/requests.ts';
import { foundFromEnvironment, offerSetup } from './setup.ts';

let lodestar: TestLodestar;
beforeEach(async () => {
  lodestar = await startLodestar();
});
afterEach(() => lodestar.close());

const person = { name: 'Ada', email: 'Ada@Shop.example', password: 'correct horse battery' };
const setUp = (token: string, more = {}) =>
  read(send('/api/setup', { method: 'POST', body: { token, ...person, ...more } }));

test('the printed token makes the first account, an administrator who owns a project, once', async () => {
  const token = await offerSetup();
  expect(await read(send('/api/setup'))).toEqual({ status: 200, body: { needed: true } });
  const { status, body } = await setUp(token ?? '', { project: 'Sales', timeZone: 'Europe/Berlin' });
  expect(status).toBe(201);
  expect(await lodestar.db.user.findMany({ select: { email: true, isAdmin: true } })).toEqual([
    { email: 'ada@shop.example', isAdmin: true },
  ]);
  expect(await lodestar.db.project.findUnique({ where: { id: body.projectId as string } })).toMatchObject({
    name: 'Sales',
    timeZone: 'Europe/Berlin',
  });
  expect(await setUp(token ?? '', { email: 'eve@shop.example' })).toMatchObject({
    status: 409,
    body: { code: 'already-set-up' },
  });
  expect(await offerSetup()).toBeNull();
});

test('without the token nobody makes an account', async () => {
  await offerSetup();
  expect(await setUp('setup_guess')).toMatchObject({ status: 403, body: { code: 'wrong-setup-token' } });
  expect(await lodestar.db.user.count()).toBe(0);
});

test('each start offers a new token and the old one stops working', async () => {
  const first = await offerSetup();
  const second = await offerSetup();
  expect((await setUp(first ?? '')).status).toBe(403);
  expect((await setUp(second ?? '')).status).toBe(201);
});

test('only the hash of the token is kept', async () => {
  const token = await offerSetup();
  expect(JSON.stringify(await lodestar.db.setting.findMany())).not.toContain(token);
});

test('of two who use the token at once, one gets the account', async () => {
  const token = (await offerSetup()) ?? '';
  const results = await Promise.all([setUp(token), setUp(token, { email: 'eve@shop.example' })]);
  expect(results.map((result) => result.status).toSorted()).toEqual([201, 409]);
  expect(await lodestar.db.user.count()).toBe(1);
});

test('a short password is refused before anything is made', async () => {
  const token = (await offerSetup()) ?? '';
  expect(await setUp(token, { password: 'short' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'password' }] },
  });
  expect((await setUp(token)).status).toBe(201);
});

test('the first administrator of the environment is made once', async () => {
  expect(await foundFromEnvironment(person.email, person.password)).not.toBeNull();
  expect(await foundFromEnvironment('other@shop.example', person.password)).toBeNull();
  const login = { method: 'POST', body: { email: person.email, password: person.password } };
  expect((await send('/api/session', login)).status).toBe(201);
});
