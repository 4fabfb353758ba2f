import { describe, expect, it } from 'vitest';
import { boundsOf, isInside, moved, sizeOf, toTsv } from './range.ts';

const extent = { rows: 100, columns: 5, page: 8 };

describe('the cell cursor', () => {
  it('moves by arrows and stops at the edges', () => {
    expect(moved({ row: 0, column: 0 }, 'ArrowDown', extent)).toEqual({ row: 1, column: 0 });
    expect(moved({ row: 0, column: 0 }, 'ArrowUp', extent)).toEqual({ row: 0, column: 0 });
    expect(moved({ row: 3, column: 4 }, 'ArrowRight', extent)).toEqual({ row: 3, column: 4 });
  });

  it('goes to the edge with ⌘', () => {
    expect(moved({ row: 5, column: 2 }, 'ArrowDown', extent, true)).toEqual({ row: 99, column: 2 });
    expect(moved({ row: 5, column: 2 }, 'ArrowLeft', extent, true)).toEqual({ row: 5, column: 0 });
  });

  it('pages by what shows', () => {
    expect(moved({ row: 10, column: 1 }, 'PageDown', extent)).toEqual({ row: 18, column: 1 });
    expect(moved({ row: 3, column: 1 }, 'PageUp', extent)).toEqual({ row: 0, column: 1 });
  });

  it('Home and End are of the row, with ⌘ of the result', () => {
    expect(moved({ row: 7, column: 3 }, 'Home', extent)).toEqual({ row: 7, column: 0 });
    expect(moved({ row: 7, column: 3 }, 'End', extent, true)).toEqual({ row: 99, column: 4 });
  });

  it('other keys are not its own', () => expect(moved({ row: 0, column: 0 }, 'x', extent)).toBeNull());
});

describe('a selection', () => {
  const bounds = boundsOf({ anchor: { row: 4, column: 3 }, cursor: { row: 2, column: 1 } });

  it('is a rectangle whichever way it was drawn', () => {
    expect(bounds).toEqual({ top: 2, bottom: 4, left: 1, right: 3 });
    expect(sizeOf(bounds)).toBe(9);
  });

  it('holds its edges and nothing beside them', () => {
    expect(isInside(bounds, 2, 1)).toBe(true);
    expect(isInside(bounds, 4, 3)).toBe(true);
    expect(isInside(bounds, 5, 3)).toBe(false);
    expect(isInside(bounds, 4, 0)).toBe(false);
  });

  it('is copied as lines of tabs, and a tab inside a value cannot add a column', () => {
    const text = (row: number, column: number) => (row === 2 && column === 2 ? 'a\tb\nc' : `${row}${column}`);
    expect(toTsv({ top: 2, bottom: 3, left: 1, right: 2 }, text)).toBe('21\ta b c\n31\t32');
  });
});
