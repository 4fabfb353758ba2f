import { expect, it } from 'vitest';
import { landing, textsOf } from './reading.ts';
import type { Step } from './spec.ts';

const on = (name: string, connection = 'eu'): Step => ({ name, engine: 'trino', sql: name, connection });
const here = (name: string): Step => ({ name, engine: 'warehouse', sql: name });

it('a step takes along what it reads, and what that reads before it', () => {
  const [raw, clean, top] = [on('raw'), on('clean'), on('top')];
  const reads = new Map([
    [raw, ['orders']],
    [clean, ['RAW']],
    [top, ['clean', 'raw', 'users']],
  ]);
  expect(textsOf(top, reads)).toEqual([raw, clean]);
  expect(textsOf(raw, reads)).toEqual([]);
});

it('what stands on another connection is not taken along', () => {
  const [eu, us] = [on('eu'), on('us', 'us')];
  expect(
    textsOf(
      us,
      new Map([
        [eu, []],
        [us, ['eu']],
      ]),
    ),
  ).toEqual([]);
});

it('a table of the name of the step itself is no step', () => {
  const orders = on('orders');
  expect(textsOf(orders, new Map([[orders, ['orders']]]))).toEqual([]);
});

it('what the warehouse reads lands there, and nothing else', () => {
  const [raw, eu, users, all] = [on('raw'), on('eu'), here('users'), here('all')];
  const reads = new Map([
    [raw, []],
    [eu, ['raw']],
    [users, ['user']],
    [all, ['users', 'EU']],
  ]);
  expect(landing(reads, false)).toEqual([eu]);
});

it('the output of a cluster lands in the warehouse, unless its place is on the cluster', () => {
  const [raw, top] = [on('raw'), on('top')];
  const reads = new Map([
    [raw, []],
    [top, ['raw']],
  ]);
  expect(landing(reads, false)).toEqual([top]);
  expect(landing(reads, true)).toEqual([]);
});
