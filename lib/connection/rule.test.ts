import { expect, test } from 'vitest';
import { impersonationRule } from './rule.ts';

test('names the account and each user once', () => {
  expect(JSON.parse(impersonationRule('svc', ['priya', 'mei', 'priya']))).toEqual({
    impersonation: [{ original_user: 'svc', new_user: 'priya|mei', allow: true }],
  });
});

test('a name stands for itself alone', () => {
  const { impersonation } = JSON.parse(impersonationRule('svc.x', ['a.b@shop.example'])) as {
    impersonation: { original_user: string; new_user: string }[];
  };
  const user = new RegExp(`^(?:${impersonation[0]!.new_user})$`);
  expect(user.test('a.b@shop.example')).toBe(true);
  expect(user.test('axb@shop.example')).toBe(false);
  expect(impersonation[0]!.original_user).toBe('svc\\.x');
});
