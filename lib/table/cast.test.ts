import { Decimal, Field, FixedSizeList, Int32, Int64, List, Map_, Struct, Utf8 } from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { castOf } from './cast.ts';
import { typeKey } from './column.ts';

const fromText = new Set(['UUID', 'INTERVAL']);
const field = (name: string, type: DataType, engine?: string) =>
  new Field(name, type, true, engine ? new Map([[typeKey, engine]]) : undefined);
/** Made anew each time: Arrow's Map names its fields itself. */
const uuid = () => field('id', new Utf8(), 'UUID');
const entries = (key: Field, value: Field) => new Map_(new Field('entries', new Struct([key, value]), false) as never);

describe('a column is cast', () => {
  const cases: [string, Field, string | null][] = [
    ['never when it is what it seems', field('n', new Int32()), null],
    ['never when it is text', field('t', new Utf8(), 'VARCHAR'), null],
    ['never to a type of another engine', field('t', new Utf8(), 'TIMESTAMP(12)'), null],
    ['to the type whose text it holds', uuid(), 'UUID'],
    ['as a list', field('l', new List(uuid())), 'UUID[]'],
    ['as an array', field('l', new FixedSizeList(2, uuid())), 'UUID[2]'],
    ['as a map', field('m', entries(field('key', new Utf8()), uuid())), 'MAP(VARCHAR, UUID)'],
    [
      'as a struct, whose other members stay',
      field('s', new Struct([field('select', new Decimal(0, 38, 128)), uuid()])),
      'STRUCT("select" DECIMAL(38,0), "id" UUID)',
    ],
    [
      'however deep',
      field('l', new List(field('l', new Struct([field('a"b', new List(uuid())), field('t', new Utf8(), 'CHAR(5)')])))),
      'STRUCT("a""b" UUID[], "t" VARCHAR)[]',
    ],
    ['not for a list without such text', field('l', new List(field('l', new Int64()))), null],
  ];
  test.each(cases)('%s', (_, column, type) => expect(castOf(column, fromText)).toBe(type));
});
