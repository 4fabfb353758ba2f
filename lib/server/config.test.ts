import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { readExceptions } from './outbound/address.ts';

test('nothing set gives the defaults of one machine', () => {
  expect(readConfig({})).toEqual({
    PORT: 3000,
    HOST: '127.0.0.1',
    TRUST_PROXY: false,
    DATA_DIR: 'data',
    ALLOW_PRIVATE_ADDRESSES: readExceptions(''),
    LOG_LEVEL: 'info',
  });
});

test('an empty value counts as not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '' }).PORT).toBe(3000);
});

test.each([
  [{ PORT: 'abc' }, /^PORT is wrong/],
  [{ PORT: '70000' }, /^PORT /],
  [{ DATABASE_URL: 'mysql://x/y' }, /^DATABASE_URL must be a postgresql/],
  [{ PUBLIC_URL: 'javascript:alert(1)' }, /^PUBLIC_URL must be/],
  [{ ADMIN_EMAIL: 'nobody', ADMIN_PASSWORD: 'long enough it is' }, /^ADMIN_EMAIL must be/],
  [{ ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'short' }, /^ADMIN_PASSWORD must have at least 12/],
  [{ ADMIN_EMAIL: 'a@b.example' }, /^ADMIN_EMAIL and ADMIN_PASSWORD go together/],
  [{ ALLOW_PRIVATE_ADDRESSES: 'http://10.0.0.1' }, /^ALLOW_PRIVATE_ADDRESSES must be true, or hosts/],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL is wrong/],
])('%o is refused in one line that names it', (env, line) => {
  expect(() => readConfig(env)).toThrow(line);
  expect(() => readConfig(env)).toThrow(/^[^\n]+$/);
});

test('a refused password is not repeated', () => {
  expect(() => readConfig({ ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'hunter2' })).not.toThrow(/hunter2/);
});

test('private addresses are named by host or range', () => {
  const { hosts, all } = readConfig({ ALLOW_PRIVATE_ADDRESSES: 'trino.internal,10.0.0.0/8' }).ALLOW_PRIVATE_ADDRESSES;
  expect([...hosts]).toEqual(['trino.internal']);
  expect(all).toBe(false);
});
