import { expect, test } from 'vitest';
import { KernelFailure } from '#kernels/failure.ts';
import { DecoderDied } from './arrow/threads.ts';
import { fromDecoder } from './malformed.ts';

test('a thread that died says memory only where it was', () => {
  const errorOf = (error: Error) => (fromDecoder(error) as KernelFailure).error;
  expect(errorOf(new DecoderDied('reached its limit', true))).toMatchObject({
    code: 'memory',
    hint: 'Select fewer or shorter columns.',
  });
  const other = errorOf(new DecoderDied('the decoder was closed'));
  expect(other).toMatchObject({ code: 'lost', detail: 'the decoder was closed' });
  expect(other.message).not.toContain('memory');
});

test('what is no fault of a page stays what it is', () => {
  const bug = new TypeError('a bug');
  expect(fromDecoder(bug)).toBe(bug);
});
