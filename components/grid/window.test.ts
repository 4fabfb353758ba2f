import { describe, expect, it } from 'vitest';
import { boxHeight, offsetFor, rowsAt, scaleOf, tallest } from './window.ts';

const small = { count: 100, rowHeight: 24, viewHeight: 192 };
const huge = { count: 10_000_000, rowHeight: 24, viewHeight: 192 };

describe('rows of a small result', () => {
  it('are not scaled', () => {
    expect(boxHeight(small)).toBe(2400);
    expect(scaleOf(small)).toBe(1);
  });

  it('the top shows the first eight and some to come', () => {
    expect(rowsAt(0, small, 4)).toEqual({ first: 0, last: 12, top: 0 });
  });

  it('in the middle the first drawn row stands where it belongs', () => {
    const shown = rowsAt(1200, small, 4);
    expect(shown.first).toBe(46);
    expect(shown.top).toBe(46 * 24);
  });

  it('the end shows the last row and never more', () => {
    expect(rowsAt(99_999, small, 4).last).toBe(100);
  });

  it('an empty result shows none', () => {
    expect(rowsAt(0, { ...small, count: 0 })).toEqual({ first: 0, last: 0, top: 0 });
  });

  it('a result that fits does not scroll', () => {
    expect(rowsAt(50, { ...small, count: 3 })).toEqual({ first: 0, last: 3, top: 0 });
  });
});

describe('rows of a result taller than any box', () => {
  it('stay within the box', () => {
    expect(boxHeight(huge)).toBe(tallest);
    expect(scaleOf(huge)).toBeGreaterThan(29);
  });

  it('the first and the last row are reached', () => {
    expect(rowsAt(0, huge).first).toBe(0);
    expect(rowsAt((tallest - huge.viewHeight) * scaleOf(huge), huge).last).toBe(huge.count);
  });

  it('every row in between is reached: one row further shows one row further', () => {
    for (const row of [1, 12_345, 4_999_999, 9_999_000]) {
      expect(rowsAt(row * 24, huge, 0).first).toBe(row);
    }
  });

  it('what is drawn lies where the box is scrolled to', () => {
    const offset = 4_999_999 * 24;
    const shown = rowsAt(offset, huge, 0);
    expect(Math.abs(shown.top - offset / scaleOf(huge))).toBeLessThan(24);
  });
});

describe('bringing a row into view', () => {
  it('a row in view moves nothing', () => expect(offsetFor(3, 24, small)).toBe(24));
  it('a row above comes to the top', () => expect(offsetFor(3, 240, small)).toBe(72));
  it('a row below comes to the foot', () => expect(offsetFor(20, 0, small)).toBe(21 * 24 - 192));
});
