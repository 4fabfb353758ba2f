import { expect } from 'vitest';
import { trinoInstant } from './instant.ts';

/* How a value's text is compared with what Trino casts it to. */

/** Expressions of one type; `same` compares with Trino's CAST to varchar, an array holds what is expected word for word. */
export type Expressions = [type: string, same: Same | string[], expressions: string[]];

export type Same = (ours: string, trinos: string) => void;

export const exactly: Same = (ours, trinos) => expect(ours).toBe(trinos);
/** The same number, whichever way it is written. */
export const numerically: Same = (ours, trinos) => {
  const value = ours === 'nan' ? NaN : Number(ours.replace('inf', 'Infinity'));
  expect(Object.is(value, Number(trinos)) || Object.is(Math.fround(value), Number(trinos)), `${ours} ${trinos}`).toBe(
    true,
  );
};
/** The same instant, written by DuckDB without the zeros at the end and with BC. */
export const instantly: Same = (ours, trinos) => {
  const digits = /\.(\d+)/.exec(trinos)?.[1]!.length ?? 0;
  expect(trinoInstant(ours.replace(/\+00$/, ''), digits)).toBe(trinos.replace(/ UTC$|^\+/g, ''));
};
export const withoutZeros: Same = (ours, trinos) =>
  expect(ours).toBe(
    trinos
      .replace(/(\.\d*?)0+(?=$|[+-])/, '$1')
      .replace(/\.(?=$|[+-])/, '')
      .replace(/([+-]\d\d):00$/, '$1'),
  );
export const inWords: Same = (ours) => expect(ours).toMatch(/year|month|day|:/);
