import { describe, expect, it } from 'vitest';
import { columnsAt, edgesOf } from './across.ts';

const edges = edgesOf(Array.from({ length: 200 }, () => 100));

describe('columns in sight', () => {
  it('begin where the ones before end', () => expect(edgesOf([10, 20, 30])).toEqual([0, 10, 30, 60]));
  it('at the left only the first are drawn', () => expect(columnsAt(edges, 0, 500)).toEqual({ first: 0, last: 7 }));
  it('in the middle those that touch the frame, and two beside', () => {
    expect(columnsAt(edges, 10_050, 500)).toEqual({ first: 98, last: 108 });
  });
  it('the last is reached', () => expect(columnsAt(edges, 19_500, 500).last).toBe(200));
  it('no column is none', () => expect(columnsAt([0], 0, 500)).toEqual({ first: 0, last: 0 }));
});
