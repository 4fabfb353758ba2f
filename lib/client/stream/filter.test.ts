import { describe, expect, it } from 'vitest';
import { Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { sourceOf, textVector } from './filter.ts';

describe('the question a filter asks', () => {
  it('has each column in its type, and the condition on a line of its own', () => {
    const columns = [
      { name: 'load_ms', type: 'BIGINT' },
      { name: 'odd "name"', type: 'VARCHAR' },
    ];
    expect(sourceOf('load_ms > 2 -- slow', columns)).toBe(
      'SELECT "tail entry" FROM (SELECT "tail entry", TRY_CAST("load_ms" AS BIGINT) AS "load_ms", "odd ""name""" FROM tail_entries) WHERE (\nload_ms > 2 -- slow\n)',
    );
  });
});

describe('texts as Arrow', () => {
  it('are the same on the other side, nulls and all', () => {
    const texts = ['', null, 'größer', '…', null, 'a', 'b', 'c', 'd', null];
    const table = tableFromIPC(tableToIPC(new Table({ texts: textVector(texts) }), 'stream'));
    expect([...table.getChild('texts')!]).toEqual(texts);
    expect(tableFromIPC(tableToIPC(new Table({ texts: textVector([]) }), 'stream')).numRows).toBe(0);
  });
});
