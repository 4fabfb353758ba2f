import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diffLines, tally } from './diff.ts';

const told = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`);

it('keeps what is the same, and puts what goes before what comes', () => {
  expect(told('select a\nfrom t\nwhere x', 'select a,\n  b\nfrom t\nwhere x')).toEqual([
    '-select a',
    '+select a,',
    '+  b',
    ' from t',
    ' where x',
  ]);
});

it('numbers the lines of each side', () => {
  expect(diffLines('a\nb', 'a\nc\nb').map(({ before, after }) => [before, after])).toEqual([
    [1, 1],
    [null, 2],
    [2, 3],
  ]);
});

it('marks the changed stretch of a line that has its like', () => {
  const [gone, come] = diffLines('FROM purchase AS p', 'FROM (SELECT 1) AS p');
  expect(gone?.text.slice(...gone.changed!)).toBe('purchase');
  expect(come?.text.slice(...come.changed!)).toBe('(SELECT 1)');
});

it('looks for the like of a line past lines that are only new', () => {
  const lines = diffLines('sum(a) AS x\nFROM purchase p', 'sum(a) AS x,\nshipping\nFROM refund p');
  expect(lines.filter((line) => line.changed).map((line) => line.text.slice(...line.changed!))).toEqual([
    '',
    'purchase',
    ',',
    'refund',
  ]);
});

it('marks nothing where lines have nothing in common', () => {
  expect(diffLines('abc', 'xyz').map((line) => line.changed)).toEqual([null, null]);
});

it('tallies', () => {
  expect(tally(diffLines('a\nb', 'a\nc\nd'))).toEqual({ come: 2, gone: 1 });
  expect(tally(diffLines('a', 'a'))).toEqual({ come: 0, gone: 0 });
});

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 8 })
  .map((lines) => lines.join('\n'));

it('either side can be read back out of it', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const side = (gone: 'gone' | 'new') =>
        lines
          .filter((line) => line.kind !== gone)
          .map((line) => line.text)
          .join('\n');
      expect(side('new')).toBe(before);
      expect(side('gone')).toBe(after);
    }),
  );
});
