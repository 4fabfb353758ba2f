import { expect, it } from 'vitest';
import { emptyForm, readForm } from './form.ts';
import { isOldTest } from './steps.ts';

const own = { ...emptyForm(), name: 'lake', host: 'https://trino.example.net', kind: 'person' as const };
const unread = readForm(own, false);
const read = readForm(own, true);

it('a test that is kept is of the fields as they are kept, also for an owner without an account there', () => {
  expect(unread.ok).toBe(false);
  const kept = { isKept: true, isOf: () => false };
  expect(isOldTest(kept, { isChanged: false, read: unread })).toBe(false);
  expect(isOldTest(kept, { isChanged: true, read })).toBe(true);
});

it('a test of now is old as soon as a field is another', () => {
  const tried = { isKept: false, isOf: () => true };
  expect(isOldTest(tried, { isChanged: true, read })).toBe(false);
  expect(isOldTest({ ...tried, isOf: () => false }, { isChanged: true, read })).toBe(true);
  expect(isOldTest(tried, { isChanged: false, read: unread })).toBe(true);
});
