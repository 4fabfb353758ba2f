import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { read, send } from '#lib/testing/requests.ts';
import { createLimits } from '#lib/server/auth/limits.ts';
import { foundFromEnvironment } from './setup.ts';

let lodestar: TestLodestar;
const email = 'lead@shop.example';
const password = 'correct horse battery';
beforeAll(async () => {
  lodestar = await startLodestar();
  await foundFromEnvironment(email, password);
});
beforeEach(() => {
  lodestar.limits = createLimits();
});
afterAll(() => lodestar.close());

const signIn = (given: { email: string; password: string }, address = '10.0.0.1') =>
  read(send('/api/session', { method: 'POST', body: given, headers: { 'x-lodestar-address': address } }));

test('capital letters in the e-mail make no difference', async () => {
  expect((await signIn({ email: 'Lead@Shop.example', password })).status).toBe(201);
});

test('an unknown e-mail and a wrong password get the same answer', async () => {
  const unknown = await signIn({ email: 'nobody@shop.example', password });
  const wrong = await signIn({ email, password: 'wrong' });
  expect(unknown).toEqual(wrong);
  expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } });
});

test('after ten wrong tries at one e-mail even the right password waits, wherever it comes from', async () => {
  const tries = await Promise.all(
    Array.from({ length: 10 }, (_, n) => signIn({ email, password: 'wrong' }, `10.0.1.${n}`)),
  );
  expect(tries.every((answer) => answer.status === 401)).toBe(true);
  const { status, body } = await signIn({ email, password }, '10.0.2.1');
  expect([status, body.code]).toEqual([429, 'too-many-attempts']);
  expect(body.retryAfter).toBeGreaterThan(0);
});

test('an address that tries many e-mails is stopped', async () => {
  const tries = await Promise.all(
    Array.from({ length: 51 }, (_, n) => signIn({ email: `p${n}@shop.example`, password }, '10.0.3.1')),
  );
  expect(tries.filter((answer) => answer.status === 429)).toHaveLength(1);
  expect((await signIn({ email, password }, '10.0.3.2')).status).toBe(201);
});

test('right ones do not count', async () => {
  for (let n = 0; n < 12; n++) expect((await signIn({ email, password })).status).toBe(201);
});

test('the token is not kept, only its hash', async () => {
  const { body } = await signIn({ email, password });
  expect(JSON.stringify(await lodestar.db.session.findMany())).not.toContain(body.token);
});
