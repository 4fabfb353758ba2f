import { expect, test } from 'vitest';
import { toItem } from './items.ts';

const item = (value: Buffer | string | null) =>
  toItem({ offset: 9, value: typeof value === 'string' ? Buffer.from(value) : value }, 'shop', 2);

test('a JSON value is an event with every digit', () => {
  expect(item('{"a":9223372036854775807}')).toMatchObject({ event: { a: 9223372036854775807n } });
});

test('what is none says why and where it lies', () => {
  const reasons = [null, '{', Buffer.from([0x7b, 0xff]), `"${'x'.repeat(2 ** 20)}"`].map((value) => {
    const found = item(value);
    return 'fault' in found ? `${found.where!()}: ${found.fault}` : found;
  });
  expect(reasons).toEqual([
    expect.stringMatching(/^shop, partition 2, offset 9: The record has no value \(a tombstone\)/),
    expect.stringMatching(/^shop, partition 2, offset 9: The record is no JSON: /),
    'shop, partition 2, offset 9: The record is not UTF-8.',
    'shop, partition 2, offset 9: The record is longer than 1048576 bytes.',
  ]);
});
