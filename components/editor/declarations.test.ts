import { describe, expect, it } from 'vitest';
import { declarationsOf, valueType } from './declarations.ts';

describe('names for a TypeScript cell', () => {
  it.each([
    ['BIGINT', 'bigint'],
    ['INTEGER', 'number'],
    ['DECIMAL(18,2)', 'Decimal'],
    ['TIMESTAMP WITH TIME ZONE', 'Timestamp'],
    ['DATE', 'string'],
    ['INTEGER[]', '(number | null)[]'],
    ['STRUCT(a INTEGER)', 'any'],
    ['VARCHAR', 'string'],
  ])('%s is %s', (type, expected) => expect(valueType(type)).toBe(expected));

  it('a cell is a table of its columns, each of which may be null', () => {
    const text = declarationsOf(
      [{ name: 'orders', columns: [{ name: 'Unit price', type: 'DOUBLE' }], said: '3 rows' }],
      [],
    );
    expect(text).toContain('declare const orders: Table<{ "Unit price": number | null }>;');
  });

  it('what people write cannot end the comment it stands in', () => {
    const text = declarationsOf([{ name: 'a', columns: [], said: '*/ declare const evil: any; /*' }], []);
    expect(text).not.toContain('*/ declare const evil');
  });

  it('an input has the type of its kind', () => {
    expect(declarationsOf([], [{ name: 'until', kind: 'date' }])).toContain('declare const until: string | null;');
  });
});
