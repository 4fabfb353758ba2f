import { describe, expect, it } from 'vitest';
import type { GridData } from './data.ts';
import { numbersWidth, stretched, widthsOf } from './widths.ts';

function data(texts: string[][]): GridData {
  return {
    rows: texts.length,
    columns: (texts[0] ?? []).map((_, index) => ({ name: `c${index}`, type: 'VARCHAR', kind: 'text' })),
    text: (row, column) => texts[row]?.[column] ?? null,
    keys: () => [],
  };
}

describe('the widths of columns', () => {
  it('follow the longest of the first values', () => {
    const [narrow, wide] = widthsOf(data([['a', 'a much longer value than the other']]));
    expect(wide).toBeGreaterThan(narrow!);
  });
  it('never grow beyond a reader’s width', () => {
    expect(widthsOf(data([['x'.repeat(5000)]]))[0]).toBe(340);
  });
  it('fill the frame when they are narrower', () => {
    expect(stretched([100, 100], 300).reduce((sum, width) => sum + width, 0)).toBe(300);
  });
  it('stay as they are when they are wider', () => expect(stretched([200, 200], 300)).toEqual([200, 200]));
  it('the row numbers of ten million rows fit', () => expect(numbersWidth(10_000_000)).toBeGreaterThan(60));
});
