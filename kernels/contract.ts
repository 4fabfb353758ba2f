import { Int64, Table, tableFromIPC, tableToIPC, vectorFromArray } from 'apache-arrow';
import type { RecordBatch, Schema } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Code, Done, Inputs, Kernel, KernelError, KernelEvent, Relation, RunOptions } from './kernel.ts';

/*
 * The promises of kernel.ts, one test each, run against every kernel. It knows no engine and no environment: a dialect
 * says how the kernel under test is told to give rows, to run for ever or to fail; what a dialect leaves out is reported
 * as skipped by name. Nothing here asserts a time: what must be quick is measured in bench/.
 */

export interface Dialect {
  /** `n` rows in order, one 64-bit column `n` from 0. */
  rows(n: number): string;
  /** Never ends by itself and gives no row. */
  endless: string;
  /** Wrong text; its second line holds the mistake. */
  broken: string;
  /** Fails while it runs, with code `runtime`. */
  fails: string;
  /** One row, one column `v`: the parameter as it was bound. */
  parameter?(name: string): string;
  /** One row, one 64-bit column `total`: the sum of column `n` of the relation. */
  total?(relation: string): string;
  /** Reads exactly the relations `first` and then `second`, once through a subquery or join. */
  joins?: string;
  /** Mentions a relation or column that does not exist. */
  unknown?: string;
  /** Each must be refused and change nothing. */
  writes?: string[];
  /** How this kernel is given rows; an Arrow IPC stream unless told. */
  relation?(table: Table): Promise<Relation>;
}

/** What one run gave, gathered. */
export interface Ran {
  events: KernelEvent[];
  schema: Schema | null;
  batches: RecordBatch[];
  /** Made by Arrow when asked for, which refuses some values. */
  readonly rows: Record<string, unknown>[];
  done: Done | null;
  error: KernelError | null;
}

/** Registers the suite for one kernel. `makeKernel` is called once; the suite closes what it made. */
export function kernelContract(name: string, makeKernel: () => Promise<Kernel>, dialect: Dialect): void {
  describe(`kernel contract: ${name}`, () => {
    let kernel: Kernel;
    beforeAll(async () => {
      kernel = await makeKernel();
    });
    afterAll(async () => {
      await kernel.close();
      await kernel.close();
    });
    const run = (source: string, given: Partial<Inputs> = {}, options: Partial<RunOptions> = {}) =>
      gather(kernel, { name: 'cell', source }, { parameters: {}, relations: {}, ...given }, options);

    answers(run, dialect);
    failures(run, dialect);
    stops(() => kernel, run, dialect);
    inputs(() => kernel, run, dialect);
  });
}

type Run = (source: string, given?: Partial<Inputs>, options?: Partial<RunOptions>) => Promise<Ran>;

/** Runs to the end and gathers the events; fails the test when the order of events breaks the contract. */
export async function gather(
  kernel: Kernel,
  code: Code,
  inputs: Inputs,
  options: Partial<RunOptions> = {},
): Promise<Ran> {
  const events: KernelEvent[] = [];
  const signal = options.signal ?? new AbortController().signal;
  for await (const event of kernel.run(code, inputs, { ...options, signal })) events.push(event);
  expectOrder(events);
  return ranOf(events);
}

function ranOf(events: KernelEvent[]): Ran {
  const schema = events.find((event) => event.type === 'schema')?.schema ?? null;
  const batches = events.flatMap((event) => (event.type === 'batch' ? [event.batch] : []));
  const done = events.find((event) => event.type === 'done') ?? null;
  const error = events.find((event) => event.type === 'failed')?.error ?? null;
  const rowsOf = () => batches.flatMap((batch) => new Table([batch]).toArray().map((row) => row.toJSON()));
  return {
    events,
    schema,
    batches,
    done,
    error,
    get rows() {
      return rowsOf();
    },
  };
}

function expectOrder(events: KernelEvent[]): void {
  const types = events.map((event) => event.type);
  const ends = types.filter((type) => type === 'done' || type === 'failed');
  expect(ends, 'exactly one end').toHaveLength(1);
  expect(['done', 'failed'], 'the end comes last').toContain(types.at(-1));
  if (types.includes('batch'))
    expect(types.indexOf('schema'), 'the schema comes first').toBeLessThan(types.indexOf('batch'));
}

function answers(run: Run, dialect: Dialect): void {
  test('gives rows in order, then done with their count', async () => {
    const { rows, done } = await run(dialect.rows(5000));
    expect(rows.map((row) => Number(row['n']))).toEqual(Array.from({ length: 5000 }, (_, n) => n));
    expect(done).toMatchObject({ rows: 5000, complete: true });
  });

  test('says as of when it read and how long the engine took', async () => {
    const before = Date.now();
    const { done } = await run(dialect.rows(1));
    expect(Date.parse(done!.asOf)).toBeGreaterThanOrEqual(before - 1);
    expect(Date.parse(done!.asOf)).toBeLessThanOrEqual(Date.now());
    expect(done!.took).toBeGreaterThanOrEqual(0);
  });

  test('an answer without rows still has its columns', async () => {
    const { schema, rows, done } = await run(dialect.rows(0));
    expect(schema!.names).toEqual(['n']);
    expect(rows).toEqual([]);
    expect(done).toMatchObject({ rows: 0, complete: true });
  });

  test('a 64-bit number keeps every digit', async () => {
    const { batches } = await run(dialect.rows(2));
    expect(batches[0]!.schema.fields[0]!.type.toString()).toBe('Int64');
  });

  test('a big answer comes in many batches', async () => {
    const { batches, done } = await run(dialect.rows(300_000));
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.reduce((sum, batch) => sum + batch.numRows, 0)).toBe(300_000);
    expect(done!.rows).toBe(300_000);
  });

  test('a limit cuts the answer and says so', async () => {
    const { rows, done } = await run(dialect.rows(5000), {}, { limit: 10 });
    expect(rows.map((row) => Number(row['n']))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(done).toMatchObject({ rows: 10, complete: false });
  });

  test('a limit that is exactly met is complete', async () => {
    const { done } = await run(dialect.rows(10), {}, { limit: 10 });
    expect(done).toMatchObject({ rows: 10, complete: true });
  });

  test('a batch can be written as Arrow and read again', async () => {
    const { batches, rows } = await run(dialect.rows(3));
    const again = tableFromIPC(tableToIPC(new Table(batches)));
    expect(again.toArray().map((row) => row.toJSON())).toEqual(rows);
  });

  test('runs one after another do not know each other', async () => {
    const counts: number[] = [];
    for (const n of [3, 0, 7]) counts.push((await run(dialect.rows(n))).done!.rows);
    expect(counts).toEqual([3, 0, 7]);
  });

  test('runs at the same time each get their own answer', async () => {
    const answers = await Promise.all([11, 12, 13].map((n) => run(dialect.rows(n))));
    expect(answers.map((answer) => answer.done!.rows)).toEqual([11, 12, 13]);
  });
}

function failures(run: Run, dialect: Dialect): void {
  test('wrong text fails with its line, and is not thrown', async () => {
    const { error } = await run(dialect.broken);
    expect(error!.code).toBe('syntax');
    expect(error!.position!.line).toBe(2);
    expect(error!.message).not.toBe('');
  });

  test('a failure while running is an event', async () => {
    expect((await run(dialect.fails)).error!.code).toBe('runtime');
  });

  test('after a failure the next run answers', async () => {
    await run(dialect.fails);
    expect((await run(dialect.rows(3))).done!.rows).toBe(3);
  });

  test.skipIf(!dialect.unknown)('an unknown name is said to be one', async () => {
    expect((await run(dialect.unknown!)).error!.code).toBe('unknown-name');
  });

  // A language that cannot write has nothing to refuse: no test, rather than one that is skipped.
  if (dialect.writes) refusesToWrite(run, dialect, dialect.writes);
}

function refusesToWrite(run: Run, dialect: Dialect, writes: string[]): void {
  test('what would write is refused and changes nothing', async () => {
    for (const source of writes) {
      expect((await run(source)).error?.code, source).toBe('refused');
    }
    expect((await run(dialect.rows(3))).done!.rows).toBe(3);
  });
}

function stops(kernel: () => Kernel, run: Run, dialect: Dialect): void {
  test('cancel stops an endless run and says cancelled', async () => {
    const stop = new AbortController();
    const running = run(dialect.endless, {}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 300);
    expect((await running).error!.code).toBe('cancelled');
  });

  test('after a cancel the next run answers', async () => {
    const stop = new AbortController();
    const running = run(dialect.endless, {}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await running;
    expect((await run(dialect.rows(3))).done!.rows).toBe(3);
  });

  test('a run that was cancelled before it began never begins', async () => {
    const { events, error } = await run(dialect.rows(3), {}, { signal: AbortSignal.abort() });
    expect(error!.code).toBe('cancelled');
    expect(events.some((event) => event.type === 'batch')).toBe(false);
  });

  test('the wall clock stops an endless run and says timeout', async () => {
    expect((await run(dialect.endless, {}, { timeout: 300 })).error!.code).toBe('timeout');
  });

  test('a reader that leaves early stops the run', async () => {
    const inputs = { parameters: {}, relations: {} };
    const code = { name: 'cell', source: dialect.rows(3_000_000) };
    for await (const event of kernel().run(code, inputs, { signal: new AbortController().signal })) {
      if (event.type === 'batch') break;
    }
    expect((await run(dialect.rows(3))).done!.rows).toBe(3);
  });
}

function inputs(kernel: () => Kernel, run: Run, dialect: Dialect): void {
  const { parameter, total, joins } = dialect;
  const relation = dialect.relation ?? arrowRelation;

  test.skipIf(!parameter)('parameters are bound, whatever they hold', async () => {
    const text = `Robert'); DROP TABLE "x"; -- {{other}}`;
    expect((await run(parameter!('p'), { parameters: { p: { type: 'text', value: text } } })).rows).toEqual([
      { v: text },
    ]);
    expect((await run(parameter!('p'), { parameters: { p: { type: 'number', value: 42.5 } } })).rows).toEqual([
      { v: 42.5 },
    ]);
    expect((await run(parameter!('p'), { parameters: { p: { type: 'text', value: null } } })).rows).toEqual([
      { v: null },
    ]);
  });

  test.skipIf(!parameter)('a parameter without a value is named', async () => {
    const { error } = await run(parameter!('missing'));
    expect(['unknown-parameter', 'unknown-name']).toContain(error!.code);
    expect(error!.message).toContain('missing');
  });

  test.skipIf(!total)('a relation is read under its name', async () => {
    const relations = { numbers: await relation(numbers(1000)) };
    const { rows } = await run(total!('numbers'), { relations });
    expect(rows.map((row) => Number(row['total']))).toEqual([499_500]);
  });

  test.skipIf(!total)('a relation that changed is read anew', async () => {
    const before = await run(total!('numbers'), { relations: { numbers: await relation(numbers(3)) } });
    const after = await run(total!('numbers'), { relations: { numbers: await relation(numbers(5)) } });
    expect([before, after].map(({ rows }) => Number(rows[0]!['total']))).toEqual([3, 10]);
  });

  test.skipIf(!joins)('the names a source reads are given in first-use order', async () => {
    expect(await kernel().reads(joins!)).toEqual(['first', 'second']);
  });

  test('a source that cannot be parsed reads nothing', async () => {
    expect(await kernel().reads(dialect.broken)).toEqual([]);
  });
}

/** A table with one 64-bit column `n`: 0 … count − 1. */
export function numbers(count: number): Table {
  return new Table({
    n: vectorFromArray(
      Array.from({ length: count }, (_, n) => BigInt(n)),
      new Int64(),
    ),
  });
}

async function arrowRelation(table: Table): Promise<Relation> {
  const ipc = tableToIPC(table, 'stream');
  return { kind: 'arrow', hash: `${table.numRows} rows`, complete: true, ipc: () => Promise.resolve(ipc) };
}
