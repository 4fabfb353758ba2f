import { describe, expect, it } from 'vitest';
import { kindOf, setValue } from './data.ts';

describe('the kind of a column', () => {
  it.each([
    ['BIGINT', 'whole'],
    ['UTINYINT', 'whole'],
    ['HUGEINT', 'whole'],
    ['DECIMAL(18,2)', 'decimal'],
    ['DOUBLE', 'decimal'],
    ['TIMESTAMP WITH TIME ZONE', 'time'],
    ['date', 'time'],
    ['VARCHAR', 'text'],
    ['INTERVAL', 'text'],
    ['BOOLEAN', 'boolean'],
    ['INTEGER[]', 'other'],
    ['STRUCT(a INTEGER)', 'other'],
    ['timestamp(3) with time zone', 'time'],
  ])('%s is %s', (type, kind) => expect(kindOf(type)).toBe(kind));
});

describe('how a value is set', () => {
  const amount = { name: 'revenue', type: 'DECIMAL(18,2)', kind: 'decimal' as const };
  const whole = { name: 'orders', type: 'BIGINT', kind: 'whole' as const };
  it('amounts have their thousands apart and keep every digit', () => {
    expect(setValue('1234567.80', amount)).toBe('1,234,567.80');
    expect(setValue('9007199254740993', whole)).toBe('9,007,199,254,740,993');
  });
  it('minus is −', () => expect(setValue('-5452.58', amount)).toBe('−5,452.58'));
  it('identifiers and years are as they are', () => {
    expect(setValue('6104187', { ...whole, name: 'purchase_id' })).toBe('6104187');
    expect(setValue('2026', { ...whole, name: 'year' })).toBe('2026');
  });
  it('text, dates and floats with an exponent are untouched', () => {
    expect(setValue('1000', { name: 'a', type: 'VARCHAR', kind: 'text' })).toBe('1000');
    expect(setValue('1e+21', amount)).toBe('1e+21');
  });
});
