import { describe, expect, it } from 'vitest';
import { press, type GridKeys } from './press.ts';

const key = (name: string, far = false) => ({ key: name, metaKey: false, ctrlKey: far, altKey: false });
const spot = (row: number, column: number) => ({ row, column });
const keys = (given: Partial<GridKeys> = {}): GridKeys => ({
  range: null,
  extent: { rows: 10, columns: 3, page: 7 },
  opened: false,
  first: 4,
  read: (row, column) => (column === 2 ? null : `${row}${column}`),
  ...given,
});
const range = { anchor: spot(1, 0), cursor: spot(2, 2) };

describe('keys of the grid', () => {
  it('the first arrow sets the cursor on the first row in sight', () => {
    expect(press(key('ArrowDown'), keys())).toEqual({ go: spot(4, 0) });
  });
  it('the next one moves it', () => {
    expect(press(key('ArrowDown'), keys({ range }))).toEqual({ go: spot(3, 2) });
  });
  it('⌘A takes every row and column', () => {
    expect(press(key('a', true), keys())).toEqual({ range: { anchor: spot(0, 0), cursor: spot(9, 2) } });
  });
  it('⌘C copies exact texts, nothing for null', () => {
    const copied: string[] = [];
    press(key('c', true), keys({ range }), (text) => copied.push(text));
    expect(copied).toEqual(['10\t11\t\n20\t21\t']);
  });
  it('space opens the row and closes it', () => {
    expect(press(key(' '), keys({ range }))).toEqual({ open: true });
    expect(press(key(' '), keys({ range, opened: true }))).toEqual({ open: false });
  });
  it('Esc closes the row, then drops the selection, then is not the grid’s', () => {
    expect(press(key('Escape'), keys({ range, opened: true }))).toEqual({ open: false });
    expect(press(key('Escape'), keys({ range }))).toEqual({ range: null });
    expect(press(key('Escape'), keys())).toBeNull();
  });
  it('letters and an empty result are not its own', () => {
    expect(press(key('x'), keys({ range }))).toBeNull();
    expect(press(key('ArrowDown'), keys({ extent: { rows: 0, columns: 3, page: 7 } }))).toBeNull();
  });
});
