import { describe, expect, test } from 'vitest';
import { toRows } from '#lib/table/text.ts';
import { everyType, everyTypeBatch } from '#lib/testing/trino-types.ts';
import { PageError } from './error.ts';
import { schemaOf } from './field.ts';
import { unpack } from './pack.ts';
import { readPage, readRows } from './page.ts';
import { columnsOf, encode, pageOf, textsOf } from './testing.ts';

describe('a page', () => {
  test('has a head without its rows, whatever the order of its keys', () => {
    const page =
      '{"id":"q1","data":[["x"]],"stats":{"state":"RUNNING","nested":[{"data":[1]}]},"columns":[{"name":"a","type":"varchar","typeSignature":{}}],"nextUri":"http://h/1"}';
    const { head, batches } = readPage(encode(page), null);
    expect(head).toEqual({
      id: 'q1',
      data: null,
      stats: { state: 'RUNNING', nested: [{ data: [1] }] },
      columns: [{ name: 'a', type: 'varchar' }],
      nextUri: 'http://h/1',
    });
    expect(batches.map((batch) => batch.rows)).toEqual([1]);
  });

  test('may be spread over lines', () => {
    expect(
      textsOf(
        ` {\n "columns" : [ {"name":"a","type":"array(integer)"}, {"name":"b","type":"map(varchar, double)"} ] ,\t"data" : [ [ [ 1 , null ] , { "k" : 1.0 , "l" : null } ] ,\r\n [ null , { } ] ] } `,
      ),
    ).toEqual([
      ['[1, NULL]', '{k=1.0, l=NULL}'],
      [null, '{}'],
    ]);
  });

  test('of spooling keeps what stands in place of rows', () => {
    const { head } = readPage(encode('{"data":{"encoding":"json+zstd","segments":[]}}'), null);
    expect(head.data).toEqual({ encoding: 'json+zstd', segments: [] });
  });

  test('without rows chooses nothing', () => {
    expect(readPage(encode('{}'), null)).toEqual({ head: { columns: null, data: null }, chosen: null, batches: [] });
    expect(readPage(encode(pageOf('bigint')), null)).toMatchObject({ chosen: null, batches: [] });
  });

  test('is cut into batches', () => {
    const page = pageOf('integer', ...Array.from({ length: 70_000 }, (_, row) => String(row)));
    const { batches } = readPage(encode(page), null);
    expect(batches.map((batch) => batch.rows)).toEqual([65_536, 4464]);
    expect(textsOf(page).at(-1)).toEqual(['69999']);
    const long = readPage(
      encode(pageOf('varchar', ...Array.from({ length: 7000 }, () => `"${'x'.repeat(1000)}"`))),
      null,
    );
    expect(long.batches).toHaveLength(3);
  });

  test('of every type reads as it should', () => {
    const { schema, batch, texts } = everyTypeBatch();
    expect(toRows([batch])).toEqual(texts);
    expect(schema.fields).toHaveLength(everyType.length);
  });

  test('of a later part is held to what was chosen', () => {
    const zone = 'timestamp(0) with time zone';
    const { chosen } = readPage(encode(pageOf(zone, '"2020-01-01 00:00:00 UTC"')), null);
    expect(chosen!.picks).toEqual(['UTC']);
    const later = encode(pageOf(zone, '"2020-01-01 00:00:00 Asia/Tokyo"'));
    expect(() => readPage(later, chosen)).toThrow(/c0" has 2020-01-01 00:00:00 Asia\/Tokyo.*held in the zone UTC/);
    expect(() => readPage(encode(pageOf('bigint', '1')), chosen)).toThrow(/columns of the answer changed/);
    expect(readPage(encode('{"data":[["2020-01-01 00:00:00 UTC"]]}'), chosen).batches).toHaveLength(1);
  });

  test('of bare rows is read too', () => {
    const columns = columnsOf('bigint', 'varchar');
    const { chosen, batches } = readRows(encode(' [[1,"a"],\n[2,null]] '), columns, null);
    expect(toRows([unpack(schemaOf(columns, chosen!.picks), batches[0]!)])).toEqual([
      ['1', 'a'],
      ['2', null],
    ]);
    expect(readRows(encode('[]'), columns, null)).toEqual({ chosen: null, batches: [] });
    expect(() => readRows(encode('[[1,"a"]]x'), columns, null)).toThrow(PageError);
  });
});
