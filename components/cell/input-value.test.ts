import { describe, expect, it } from 'vitest';
import { InputSpec } from '#lib/notebook/cell.ts';
import { wrongValue } from './input-value.ts';

const number = InputSpec.parse({ kind: 'number', min: 0, max: 10 });
const date = InputSpec.parse({ kind: 'date' });

describe('a value that cannot be', () => {
  it('a number outside its bounds says the bound', () => {
    expect(wrongValue(number, '-1')).toBe('At least 0.');
    expect(wrongValue(number, '11')).toBe('At most 10.');
    expect(wrongValue(number, '7')).toBeNull();
  });
  it('words are no number', () => expect(wrongValue(number, 'seven')).toBe('This is no number.'));
  it('a day that no calendar has', () => {
    expect(wrongValue(date, '2026-02-30')).toBe('There is no such day.');
    expect(wrongValue(date, '2026-02-28')).toBeNull();
  });
  it('nothing is nothing, not wrong', () => expect(wrongValue(date, '')).toBeNull());
  it('any text is a text', () => expect(wrongValue(InputSpec.parse({ kind: 'text' }), 'T')).toBeNull());
});
