import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from './applied-input.ts';

describe('what was typed into a text area', () => {
  it('is the one place that differs, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const { offset, length, text } = differenceOf(before, after);
        expect(before.slice(0, offset) + text + before.slice(offset + length)).toBe(after);
      }),
    );
  });
  it('a letter in the middle is one letter', () => {
    expect(differenceOf('helo', 'hello')).toEqual({ offset: 3, length: 0, text: 'l' });
  });
});
