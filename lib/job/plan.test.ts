import { describe, expect, test } from 'vitest';
import { dependenceOf, unsteady, type PlanNode, type StepPlan } from './plan.ts';

/** That the engine's plans look like these is shown in kernels/warehouse/explain.server-test.ts. */

const node = (name: string, children: PlanNode[] = [], extra_info: PlanNode['extra_info'] = {}): PlanNode => ({
  name,
  children,
  extra_info,
});
const scan = (table: string) => node('SEQ_SCAN', [], { Table: table });
const step = (plan: PlanNode | null, more: Partial<StepPlan> = {}): StepPlan => ({
  name: 'clean',
  plan,
  reads: ['visits'],
  calls: [],
  joins: [],
  hasIdleLimit: false,
  hasDistinctUnion: false,
  ...more,
});
const partOf = (plan: PlanNode | null, more: Partial<StepPlan> = {}) =>
  dependenceOf([step(plan, more)], 'visits')?.part;
const join = (type: string, left: PlanNode, right: PlanNode) =>
  node('COMPARISON_JOIN', [left, right], { 'Join Type': type });

describe('what depends on the batch', () => {
  test('names are told apart as SQL does, whatever stands before them', () => {
    expect(partOf(node('PROJECTION', [scan('memory.main."Visits"')]))).toBeUndefined();
    expect(partOf(scan('shops'))).toMatch(/do not come from visits/);
  });

  test('an operator nobody knows is refused where the stream passes it, and only there', () => {
    expect(partOf(node('MAGIC_SORT', [scan('visits')]))).toBe('magic sort may treat events together');
    expect(partOf(join('INNER', scan('visits'), node('MAGIC_SORT', [scan('shops')])))).toBeUndefined();
  });

  test('a join may keep the rows of the stream, not those of the other side', () => {
    for (const type of ['INNER', 'LEFT', 'SINGLE', 'MARK', 'SEMI', 'ANTI'])
      expect(partOf(join(type, scan('visits'), scan('shops')))).toBeUndefined();
    for (const type of ['LEFT', 'SINGLE', 'MARK', 'SEMI', 'ANTI', 'FULL'])
      expect(partOf(join(type, scan('shops'), scan('visits')))).toBeDefined();
    expect(partOf(join('RIGHT', scan('shops'), scan('visits')))).toBeUndefined();
    expect(partOf(join('INNER', scan('shops'), scan('visits')))).toBeUndefined();
  });

  const any = (left: string, right: string) => node('ANY_JOIN', [scan(left), scan(right)]);
  const kinds = (...types: string[]) => ({ joins: types.map((type) => ({ type, left: ['*'], right: ['*'] })) });

  test('a join on any condition is of the worst kind that the text has', () => {
    expect(partOf(any('visits', 'shops'), kinds('LEFT', 'INNER'))).toBeUndefined();
    expect(partOf(any('visits', 'shops'), kinds('FULL'))).toMatch(/FULL JOIN/);
    expect(partOf(any('shops', 'visits'), kinds('INNER'))).toBeUndefined();
    for (const kind of ['LEFT', 'RIGHT', 'SEMI', 'ANTI', 'FULL'])
      expect(partOf(any('shops', 'visits'), kinds('INNER', kind))).toMatch(/JOIN keeps rows/);
  });

  test('of those joins only one with the stream on the side that may be missing', () => {
    const joins = (type: string, left: string[], right: string[]) => ({ joins: [{ type, left, right }] });
    expect(partOf(any('shops', 'visits'), joins('LEFT', ['shops', 'visits'], ['cities']))).toBeUndefined();
    expect(partOf(any('shops', 'visits'), joins('RIGHT', ['cities'], ['visits']))).toBeUndefined();
    expect(partOf(any('shops', 'visits'), joins('FULL', ['cities'], ['shops']))).toBeUndefined();
    expect(partOf(any('shops', 'visits'), joins('LEFT', ['shops'], ['visits']))).toMatch(/LEFT JOIN keeps rows/);
    expect(partOf(any('shops', 'visits'), joins('RIGHT', ['visits'], ['shops']))).toMatch(/JOIN keeps rows/);
    expect(partOf(any('shops', 'visits'), joins('FULL', ['shops'], ['visits']))).toMatch(/JOIN keeps rows/);
  });

  test('a limit that counts nothing is none', () => {
    const limit = node('LIMIT', [scan('visits')]);
    expect(partOf(limit)).toMatch(/LIMIT counts/);
    expect(partOf(limit, { hasIdleLimit: true })).toBeUndefined();
  });

  test('a WITH that nothing reads counts for nothing', () => {
    const unread = node('AGGREGATE', [scan('visits')]);
    const read = (index: string) => node('CTE_SCAN', [], { 'CTE Index': index });
    expect(partOf(node('CTE', [unread, scan('visits')], { 'Table Index': '0' }))).toBeUndefined();
    expect(partOf(node('CTE', [unread, read('0')], { 'Table Index': '0' }))).toMatch(/puts events together/);
    expect(partOf(node('CTE', [scan('visits'), read('0')], { 'Table Index': '0' }))).toBeUndefined();
  });

  test('UNION ALL of the stream with itself is row by row; UNION is not, nor are rows from elsewhere', () => {
    expect(partOf(node('UNION', [scan('visits'), scan('visits')]))).toBeUndefined();
    expect(partOf(node('UNION', [scan('visits'), scan('visits')]), { hasDistinctUnion: true })).toMatch(/UNION ALL/);
    expect(partOf(node('UNION', [scan('visits'), scan('shops')]))).toMatch(/to each batch anew/);
  });

  test('a long expression is cut, and the message names the step and offers a window', () => {
    const long = node('AGGREGATE', [scan('visits')], { Expressions: [`sum(${'a'.repeat(200)})`] });
    const found = dependenceOf([step(long)], 'visits');
    expect(found?.part.length).toBeLessThan(120);
    expect(found?.message).toMatch(/^clean: sum.* tumbling windows/);
  });

  test('a PIVOT without a plan counts where it reads the stream', () => {
    expect(partOf(null)).toBe('PIVOT puts events together');
    const steps = [step(null, { name: 'wide', reads: ['shops'] }), step(join('INNER', scan('visits'), scan('wide')))];
    expect(dependenceOf(steps, 'visits')).toBeNull();
  });

  test('functions whose answer changes are told, once', () => {
    expect(unsteady([step(null, { calls: ['now', 'sum'] }), step(null, { calls: ['now', 'random'] })])).toEqual([
      'now',
      'random',
    ]);
  });
});
