import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { CellSpec } from './cell.ts';
import { cellsOf, readNotebook } from './document.ts';
import {
  copyOf,
  duplicateCell,
  insertCell,
  makeNotebook,
  moveCell,
  removeCell,
  renameCell,
  setChart,
  setEngine,
  setInput,
  setSource,
  setTitle,
} from './edit.ts';

const sources = (doc: Y.Doc) => readNotebook(doc).cells.map((cell) => cell.source);
const names = (doc: Y.Doc) => readNotebook(doc).cells.map((cell) => cell.name);
const ids = (doc: Y.Doc) => readNotebook(doc).cells.map((cell) => cell.id);
const sql = (source: string): CellSpec => ({ type: 'sql', source });
const only = (doc: Y.Doc) => readNotebook(doc).cells[0]!;

function twins(doc: Y.Doc): [Y.Doc, Y.Doc] {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return [doc, other];
}

function merge(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)));
}

describe('insertCell', () => {
  it('puts cells after, before and at the end', () => {
    const doc = makeNotebook({ title: 't', cells: [sql('b')] });
    const b = ids(doc)[0]!;
    insertCell(doc, sql('c'), { after: b });
    insertCell(doc, sql('a'), { before: b });
    insertCell(doc, sql('d'));
    expect(sources(doc)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes to the end when its neighbour is gone', () => {
    const doc = makeNotebook({ title: 't', cells: [sql('a'), sql('b')] });
    insertCell(doc, sql('c'), { after: 'gone' });
    expect(sources(doc)).toEqual(['a', 'b', 'c']);
  });

  it('makes up a free name for each type and none for markdown', () => {
    const types = ['sql', 'sql', 'typescript', 'chart', 'input', 'markdown'] as const;
    const doc = makeNotebook({ title: 't', cells: types.map((type) => ({ type })) });
    expect(names(doc)).toEqual(['query_1', 'query_2', 'code_1', 'chart_1', 'input_1', '']);
  });

  it('gives a taken name a number, whatever its case', () => {
    const doc = makeNotebook({
      title: 't',
      cells: ['orders', 'Orders', 'orders'].map((name) => ({ type: 'sql', name })),
    });
    expect(names(doc)).toEqual(['orders', 'Orders_2', 'orders_3']);
  });

  it('gives each cell the engine its type can have', () => {
    const doc = makeNotebook({
      title: 't',
      cells: [
        { type: 'sql' },
        { type: 'sql', engine: 'warehouse' },
        { type: 'sql', engine: 'typescript' },
        { type: 'typescript', engine: 'warehouse' },
        { type: 'markdown', engine: 'browser' },
      ],
    });
    expect(readNotebook(doc).cells.map((cell) => cell.engine)).toEqual([
      'browser',
      'warehouse',
      'browser',
      'typescript',
      null,
    ]);
  });

  it('lets an input take its source as its value', () => {
    const given = ['7.5', '2026-01-31', '2026-01-31 10:00', 'north', '2026-02-31', '', '1e400'];
    const doc = makeNotebook({ title: 't', cells: given.map((source) => ({ type: 'input', source })) });
    expect(readNotebook(doc).cells.map((cell) => [cell.input!.kind, cell.input!.value])).toEqual([
      ['number', 7.5],
      ['date', '2026-01-31'],
      ['timestamp', '2026-01-31 10:00'],
      ['text', 'north'],
      ['text', '2026-02-31'],
      ['text', ''],
      ['text', '1e400'],
    ]);
    expect(sources(doc)).toEqual(given);
  });

  it('makes one transaction with its origin', () => {
    const doc = new Y.Doc();
    const origins: unknown[] = [];
    doc.on('afterTransaction', (transaction) => origins.push(transaction.origin));
    insertCell(doc, { type: 'chart', chart: { type: 'bar' } }, {}, 'me');
    expect(origins).toEqual(['me']);
  });

  it('fits between two cells that were added at one spot at the same moment', () => {
    const [a, b] = twins(makeNotebook({ title: 't', cells: [sql('first'), sql('last')] }));
    const first = ids(a)[0]!;
    insertCell(a, sql('x'), { after: first });
    insertCell(b, sql('y'), { after: first });
    merge(a, b);
    const middle = readNotebook(a).cells[1]!;
    insertCell(a, sql('between'), { after: middle.id });
    expect(sources(a)[2]).toBe('between');
    expect(new Set(sources(a))).toEqual(new Set(['first', 'x', 'between', 'y', 'last']));
  });
});

describe('moveCell', () => {
  it('moves before and after, and past the end keeps it last', () => {
    const doc = makeNotebook({ title: 't', cells: ['a', 'b', 'c'].map(sql) });
    const [a, b, c] = ids(doc) as [string, string, string];
    moveCell(doc, c, { before: a });
    expect(sources(doc)).toEqual(['c', 'a', 'b']);
    moveCell(doc, c, { after: b });
    moveCell(doc, c, {});
    expect(sources(doc)).toEqual(['a', 'b', 'c']);
  });

  it('keeps one cell when two people move it at once', () => {
    const [a, b] = twins(makeNotebook({ title: 't', cells: ['a', 'b', 'c'].map(sql) }));
    const [first, , last] = ids(a) as [string, string, string];
    moveCell(a, first, { after: last });
    moveCell(b, first, { before: last });
    merge(a, b);
    expect(sources(a).sort()).toEqual(['a', 'b', 'c']);
    expect(sources(a)).toEqual(sources(b));
  });
});

describe('setSource', () => {
  it('keeps what another types elsewhere in the same cell', () => {
    const [a, b] = twins(makeNotebook({ title: 't', cells: [sql('SELECT a FROM t')] }));
    const id = ids(a)[0]!;
    setSource(a, id, 'SELECT a, b FROM t');
    setSource(b, id, 'SELECT a FROM t LIMIT 5');
    merge(a, b);
    expect(sources(a)).toEqual(['SELECT a, b FROM t LIMIT 5']);
  });

  it('gives any text from any text, and never half a character', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '😁', '𝒳', '\n') });
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const doc = makeNotebook({ title: 't', cells: [sql(before)] });
        const id = ids(doc)[0]!;
        const text = cellsOf(doc).get(id) as Y.Map<Y.Text>;
        text.get('source')!.observe((event) => {
          for (const part of event.delta)
            if (typeof part.insert === 'string') expect(part.insert.isWellFormed()).toBe(true);
        });
        setSource(doc, id, after);
        expect(sources(doc)).toEqual([after]);
      }),
    );
  });

  it('changes the value of an input, and keeps its kind', () => {
    const doc = makeNotebook({ title: 't', cells: [{ type: 'input', source: '5' }] });
    setSource(doc, ids(doc)[0]!, '6');
    expect(only(doc).input).toMatchObject({ kind: 'number', value: 6 });
    setSource(doc, ids(doc)[0]!, 'six');
    expect(only(doc).input).toMatchObject({ kind: 'number', value: null });
  });
});

describe('the other operations', () => {
  it('rename to the nearest free name', () => {
    const doc = makeNotebook({ title: 't', cells: [sql(''), sql('')] });
    const [a, b] = ids(doc) as [string, string];
    renameCell(doc, a, 'Daily users!');
    renameCell(doc, b, 'daily_users');
    expect(names(doc)).toEqual(['Daily_users', 'daily_users_2']);
    renameCell(doc, a, '!!!');
    renameCell(doc, b, '1st');
    expect(names(doc)).toEqual(['Daily_users', '_1st']);
  });

  it('keep away from words that SQL and TypeScript keep for themselves', () => {
    const doc = makeNotebook({
      title: 't',
      cells: [
        { type: 'sql', name: 'order' },
        { type: 'typescript', name: 'class' },
        { type: 'input', name: 'limit' },
      ],
    });
    expect(names(doc)).toEqual(['order_', 'class_', 'limit']);
    renameCell(doc, ids(doc)[0]!, 'Select');
    expect(names(doc)[0]).toBe('Select_');
  });

  it('rename a cell to another case of its own name', () => {
    const doc = makeNotebook({ title: 't', cells: [{ type: 'sql', name: 'users' }] });
    renameCell(doc, ids(doc)[0]!, 'Users');
    expect(names(doc)).toEqual(['Users']);
  });

  it('change engine only where there is a choice', () => {
    const doc = makeNotebook({ title: 't', cells: [sql(''), { type: 'typescript' }] });
    for (const id of ids(doc)) setEngine(doc, id, { engine: 'warehouse' });
    expect(readNotebook(doc).cells.map((cell) => cell.engine)).toEqual(['warehouse', 'typescript']);
  });

  it('change fields of a chart side by side', () => {
    const [a, b] = twins(makeNotebook({ title: 't', cells: [{ type: 'chart', chart: { from: 'daily' } }] }));
    const id = ids(a)[0]!;
    setChart(a, id, { x: 'day' });
    setChart(b, id, { type: 'bar' });
    merge(a, b);
    expect(only(a).chart).toMatchObject({ from: 'daily', x: 'day', type: 'bar' });
    expect(only(a).chart).toEqual(only(b).chart);
  });

  it('keep an input value where the new kind allows', () => {
    const doc = makeNotebook({ title: 't', cells: [{ type: 'input', source: '2026-01-02' }] });
    const id = ids(doc)[0]!;
    setInput(doc, id, { kind: 'timestamp' });
    expect(only(doc).input).toMatchObject({ kind: 'timestamp', value: '2026-01-02 00:00:00' });
    setInput(doc, id, { kind: 'number' });
    expect(only(doc).input).toMatchObject({ kind: 'number', value: null });
  });

  it('duplicate right after, with its chart and a free name', () => {
    const doc = makeNotebook({ title: 't', cells: [{ type: 'chart', name: 'sales', chart: { x: 'day' } }, sql('')] });
    const copy = duplicateCell(doc, ids(doc)[0]!);
    expect(names(doc)).toEqual(['sales', 'sales_2', 'query_1']);
    expect(readNotebook(doc).cells[1]).toMatchObject({ id: copy, chart: { x: 'day' } });
  });

  it('copy a notebook with new ids', () => {
    const doc = makeNotebook({
      title: 'One',
      cells: [
        sql('SELECT 1'),
        { type: 'input', name: 'n', source: '3' },
        { type: 'chart', chart: { from: 'query_1' } },
      ],
    });
    const copy = copyOf(doc, 'Two');
    const bare = (each: Y.Doc) => readNotebook(each).cells.map((cell) => ({ ...cell, id: '' }));
    expect(bare(copy)).toEqual(bare(doc));
    expect(readNotebook(copy).title).toBe('Two');
    expect(ids(copy)).not.toContain(ids(doc)[0]);
  });

  it('are ignored quietly on a cell that is gone', () => {
    const doc = makeNotebook({ title: 't', cells: [sql('a')] });
    const id = ids(doc)[0]!;
    removeCell(doc, id);
    const before = Y.encodeStateVector(doc);
    removeCell(doc, id);
    moveCell(doc, id, {});
    renameCell(doc, id, 'x');
    setSource(doc, id, 'x');
    setEngine(doc, id, { engine: 'warehouse' });
    setChart(doc, id, { x: 'a' });
    setInput(doc, id, { value: 1 });
    expect(duplicateCell(doc, id)).toBe('');
    expect(Y.encodeStateVector(doc)).toEqual(before);
  });
});

it('peers that edit at random and meet agree on every cell', () => {
  const step = fc.record({
    peer: fc.nat(2),
    act: fc.nat(7),
    pick: fc.nat(20),
    other: fc.nat(20),
    text: fc.string({ maxLength: 6 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const seed = makeNotebook({ title: 't', cells: ['a', 'b', 'c'].map(sql) });
      const peers = [seed, ...twins(seed).slice(1), ...twins(seed).slice(1)];
      for (const { peer, act, pick, other, text } of steps) {
        const doc = peers[peer]!;
        const all = ids(doc);
        const id = all[pick % Math.max(1, all.length)] ?? 'none';
        const near = all[other % Math.max(1, all.length)] ?? 'none';
        if (act === 0) insertCell(doc, sql(text), { after: id });
        if (act === 1) moveCell(doc, id, { before: near });
        if (act === 2) setSource(doc, id, text);
        if (act === 3) removeCell(doc, id);
        if (act === 4) renameCell(doc, id, text);
        if (act === 5) setTitle(doc, text);
        if (act >= 6) merge(doc, peers[(peer + 1) % 3]!);
      }
      for (const [a, b] of [
        [0, 1],
        [1, 2],
        [0, 1],
        [0, 2],
      ] as const)
        merge(peers[a]!, peers[b]!);
      expect(readNotebook(peers[1]!)).toEqual(readNotebook(peers[0]!));
      expect(readNotebook(peers[2]!)).toEqual(readNotebook(peers[0]!));
    }),
    { numRuns: 200 },
  );
});
