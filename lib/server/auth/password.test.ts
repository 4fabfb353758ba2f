import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

test('a password makes its hash and no other does', async () => {
  const hash = await hashPassword('correct horse battery');
  expect(await verifyPassword('correct horse battery', hash)).toBe(true);
  expect(await verifyPassword('correct horse batterz', hash)).toBe(false);
});

test('the same password is hashed differently each time', async () => {
  expect(await hashPassword('correct horse battery')).not.toBe(await hashPassword('correct horse battery'));
});

test('accents typed on different keyboards are one password', async () => {
  expect(await verifyPassword('cafe\u0301 au lait', await hashPassword('caf\u00e9 au lait'))).toBe(true);
});

test.each([null, '', 'none', 'scrypt$1$1$1$$', '$2b$10$abc'])('nothing signs in with the hash %o', async (hash) => {
  expect(await verifyPassword('', hash)).toBe(false);
  expect(await verifyPassword('none', hash)).toBe(false);
});

test('the hash says what it cost, so that old ones can be read', async () => {
  const [kind, N, r, p] = (await hashPassword('x')).split('$');
  expect([kind, Number(N) * Number(r) * 128 >= 32 * 2 ** 20, Number(p) >= 1]).toEqual(['scrypt', true, true]);
});
