import { describe, expect, test } from 'vitest';
import { columnsOf, faultOf, pageOf } from './testing.ts';

describe('what is wrong is said with its place', () => {
  const cases: [what: string, page: string, fault: string, message: RegExp][] = [
    ['nothing', '', 'malformed', /empty/],
    ['a list', '[]', 'malformed', /no object/],
    ['a web page', '<html>', 'malformed', /no object/],
    ['more after the end', '{}{}', 'malformed', /more follows/],
    ['rows twice', '{"columns":[],"data":[],"data":[]}', 'malformed', /twice/],
    ['rows without columns', '{"data":[[1]]}', 'columns', /without saying/],
    ['columns of a strange shape', '{"columns":[{"name":1}],"data":[[1]]}', 'columns', /described its columns/],
    ['a type that is none', pageOf('array(', '1'), 'columns', /cannot be read/],
    [
      'too few values',
      '{"columns":[{"name":"a","type":"bigint"},{"name":"b","type":"bigint"}],"data":[[1]]}',
      'shape',
      /1 of its 2 values/,
    ],
    ['too many values', pageOf('bigint', '1,2'), 'shape', /more than 1/],
    ['no values', pageOf('bigint', ''), 'shape', /0 of its 1/],
    ['a row that is none', '{"columns":[{"name":"a","type":"bigint"}],"data":[1]}', 'shape', /no list/],
    ['a string for a number', pageOf('bigint', '"1"'), 'shape', /a string where a whole number/],
    ['a number for a string', pageOf('varchar', '1'), 'shape', /a number where a string/],
    ['a list for a map', pageOf('map(varchar, bigint)', '[]'), 'shape', /a list where an object/],
    ['300 in a byte', pageOf('tinyint', '300'), 'value', /no tinyint/],
    ['one too many', pageOf('bigint', '9223372036854775808'), 'value', /no bigint/],
    ['far too many digits', pageOf('bigint', '9'.repeat(400)), 'value', /no bigint/],
    ['a zero in front', pageOf('integer', '01'), 'value', /no integer/],
    ['a fraction in an integer', pageOf('integer', '1.5'), 'malformed', /comma or an end/],
    ['a decimal with another scale', pageOf('decimal(5, 2)', '"1.234"'), 'value', /no decimal/],
    ['a decimal too wide', pageOf('decimal(5, 2)', '"1234.56"'), 'value', /no decimal/],
    ['a day that is none', pageOf('date', '"2023-02-29"'), 'value', /no date/],
    ['a time that is none', pageOf('time(0)', '"24:00:00"'), 'value', /no time/],
    ['an infinite number', pageOf('double', '1e999'), 'value', /no double/],
    ['base64 that is none', pageOf('varbinary', '"A==="'), 'value', /no varbinary/],
    ['a UUID that is none', pageOf('uuid', '"550e8400"'), 'value', /no uuid/],
    ['null as a key', pageOf('map(integer, integer)', '{"null":1}'), 'value', /no integer/],
    ['brackets without end', `{"a":${'['.repeat(100_000)}`, 'too-deep', /nested/],
    ['columns beyond measure', `{"columns":[${'{},'.repeat(3 << 20)}{}],"data":[]}`, 'malformed', /too many/],
    ['a key beyond measure', `{"${'x'.repeat(5 << 20)}":1,"data":[]}`, 'malformed', /too many/],
    ['columns twice', '{"columns":[],"columns":[]}', 'malformed', /columns twice/],
    [
      'too many columns',
      `{"columns":${JSON.stringify(columnsOf(...Array.from({ length: 10_001 }, () => 'bigint')))},"data":[]}`,
      'columns',
      /more than 10000 columns/,
    ],
    ['too many parts of a row', pageOf(`row(${'bigint,'.repeat(10_000)}bigint)`, '[]'), 'columns', /more than 10000/],
    [
      'a type nested too deep',
      pageOf(`${'array('.repeat(200)}bigint${')'.repeat(200)}`, '[]'),
      'too-deep',
      /more than 100/,
    ],
    ['a head beyond measure', `{"id":"${'x'.repeat(9 << 20)}"}`, 'malformed', /too many/],
  ];
  test.each(cases)('%s', (_, page, fault, message) => {
    const found = faultOf(page)!;
    expect(found).toMatchObject({ fault });
    expect(found.message).toMatch(message);
  });

  test('no UTF-8', () => {
    expect(faultOf(Uint8Array.of(123, 34, 255, 34, 125))!.message).toMatch(/UTF-8/);
  });
  test('the place is that of the value', () => {
    const page = pageOf('tinyint', '1', '300');
    expect(faultOf(page)!.offset).toBe(page.indexOf('300'));
  });
});
