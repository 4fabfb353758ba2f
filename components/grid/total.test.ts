import { describe, expect, it } from 'vitest';
import { totalOf } from './total.ts';

describe('what a selection adds up to', () => {
  it('decimals are added digit by digit', () => {
    expect(totalOf(['0.10', '0.20'])).toEqual({ count: 2, sum: '0.30', mean: '0.15', exact: true });
  });

  it('whole numbers beyond 2^53 are exact', () => {
    expect(totalOf(['9007199254740993', '1']).sum).toBe('9007199254740994');
  });

  it('different scales meet at the finer one', () => {
    expect(totalOf(['1', '2.5', '-0.125']).sum).toBe('3.375');
  });

  it('negative sums keep their sign and their zeros', () => {
    expect(totalOf(['-0.05', '0.01']).sum).toBe('-0.04');
  });

  it('nulls are not counted and do not pull the mean down', () => {
    expect(totalOf(['4', null, '6'])).toEqual({ count: 2, sum: '10', mean: '5', exact: true });
  });

  it('floats are added as floats and say so', () => {
    const total = totalOf(['1e-7', '2']);
    expect(total.exact).toBe(false);
    expect(Number(total.sum)).toBeCloseTo(2.0000001, 9);
  });

  it('text is counted but never summed', () => {
    expect(totalOf(['app', 'web'])).toEqual({ count: 2, sum: null, mean: null, exact: true });
  });

  it('nothing selected is nothing', () => {
    expect(totalOf([null]).count).toBe(0);
  });

  it('a mean that does not end is cut after four more places', () => {
    expect(totalOf(['1', '1', '2']).mean).toBe('1.3333');
  });
});
