import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Cell } from './cell.ts';
import { readNotebook } from './document.ts';
import { insertCell, makeNotebook, moveCell, setChart, setSource } from './edit.ts';

function docWith(cells: Record<string, unknown>): Y.Doc {
  const doc = new Y.Doc();
  for (const [id, value] of Object.entries(cells)) doc.getMap('cells').set(id, value);
  return doc;
}

const mapOf = (fields: Record<string, unknown>) => new Y.Map(Object.entries(fields));

describe('readNotebook', () => {
  it('reads an empty document as an empty notebook', () => {
    expect(readNotebook(new Y.Doc())).toEqual({ title: '', cells: [] });
  });

  it('orders cells of one position by id', () => {
    const doc = docWith({ b: mapOf({ type: 'sql', position: 'a0' }), a: mapOf({ type: 'sql', position: 'a0' }) });
    expect(readNotebook(doc).cells.map((cell) => cell.id)).toEqual(['a', 'b']);
  });

  it('skips what is no cell', () => {
    const doc = docWith({
      a: 1,
      b: null,
      c: 'text',
      d: [1, 2],
      e: { type: 'sql' },
      f: new Y.Array(),
      g: new Y.Text('x'),
      h: mapOf({ type: 'virus' }),
      i: mapOf({}),
    });
    expect(readNotebook(doc).cells).toEqual([]);
  });

  it('repairs what is wrong within a cell', () => {
    const doc = docWith({
      a: mapOf({ type: 'sql', name: 'a"; DROP TABLE x', position: 7, source: { evil: true }, engine: 'mainframe' }),
      b: mapOf({
        type: 'chart',
        name: 3,
        chart: mapOf({ type: 'hologram', x: 'day', y: 9, stack: 'yes', __proto__: 1 }),
      }),
      c: mapOf({ type: 'input', name: '', input: 'nonsense' }),
      d: mapOf({ type: 'typescript', engine: 'warehouse', source: 'plain text' }),
    });
    const cells = readNotebook(doc).cells;
    for (const cell of cells) expect(Cell.safeParse(cell).success).toBe(true);
    const [a, b, c, d] = cells;
    expect(a).toMatchObject({ name: 'a_DROP_TABLE_x', position: '', source: '', engine: 'browser' });
    expect(b!.name).toBe('cell_b');
    expect(b!.chart).toMatchObject({ type: 'line', x: 'day', y: '', stack: true });
    expect(c!.input).toMatchObject({ kind: 'text', value: null });
    expect(d).toMatchObject({ engine: 'typescript', source: 'plain text' });
  });

  it('lets a repaired notebook be edited', () => {
    const doc = docWith({
      a: mapOf({ type: 'sql', position: '!!' }),
      b: mapOf({ type: 'sql', position: '!!' }),
      c: mapOf({ type: 'chart', chart: 5 }),
    });
    const id = insertCell(doc, { type: 'sql', source: 'new' }, { after: 'a' });
    setSource(doc, 'a', 'mended');
    setChart(doc, 'c', { x: 'day' });
    moveCell(doc, 'b', {});
    const cells = readNotebook(doc).cells;
    expect(cells.map((cell) => cell.id)).toEqual(['c', 'a', id, 'b']);
    expect(cells[1]!.source).toBe('mended');
    expect(cells[0]!.chart!.x).toBe('day');
  });

  it('survives a document whose cells are of another root type', () => {
    const other = new Y.Doc();
    other.getArray('cells').push([1, 2, 3]);
    other.getText('meta').insert(0, 'title');
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(readNotebook(doc)).toEqual({ title: '', cells: [] });
  });

  it('takes a title only when it is text', () => {
    const doc = makeNotebook({ title: 'Sales', cells: [] });
    expect(readNotebook(doc).title).toBe('Sales');
    doc.getMap('meta').set('title', 4);
    expect(readNotebook(doc).title).toBe('');
  });
});
