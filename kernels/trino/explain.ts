import { z } from 'zod';
import { KernelFailure } from '#kernels/failure.ts';
import type { Code, Inputs, KernelError } from '#kernels/kernel.ts';
import { Stop } from '#kernels/stop.ts';
import { Conversation } from './conversation.ts';
import { toFailure } from './failure.ts';
import { prepare } from './prepare.ts';
import type { IoBound, IoPlan, IoTable, TrinoTarget } from './target.ts';
import { decoder } from './threads.ts';
import { toRows } from '#lib/table/text.ts';
import { Wire } from './wire.ts';

/** ms */
const timeout = 15_000;

/** Whether the text would run, without running it; what is wrong is at its place in the source. Null: nothing is. */
export async function validate(
  target: TrinoTarget,
  code: Code,
  inputs: Inputs,
  signal: AbortSignal,
): Promise<KernelError | null> {
  try {
    await explain(target, code, inputs, 'EXPLAIN (TYPE VALIDATE)', signal);
    return null;
  } catch (error) {
    if (error instanceof KernelFailure) return error.error;
    throw error;
  }
}

/** Which tables the text would read, and how much of them, by the cluster's plan. Rejects with KernelFailure. */
export async function explainIo(target: TrinoTarget, code: Code, inputs: Inputs, signal: AbortSignal): Promise<IoPlan> {
  return readPlan(await explain(target, code, inputs, 'EXPLAIN (TYPE IO, FORMAT JSON)', signal));
}

/** The steps of the cluster's plan, as its own JSON: for looking for the name of one. Rejects with KernelFailure. */
export function explainSteps(target: TrinoTarget, code: Code, inputs: Inputs, signal: AbortSignal): Promise<string> {
  return explain(target, code, inputs, 'EXPLAIN (TYPE LOGICAL, FORMAT JSON)', signal);
}

async function explain(
  target: TrinoTarget,
  code: Code,
  inputs: Inputs,
  prefix: string,
  signal: AbortSignal,
): Promise<string> {
  const stop = new Stop({ signal, timeout });
  const prepared = await prepare(code, inputs, { access: 'read', explain: prefix, signal: stop.signal });
  const order = { access: 'plain' as const, spooling: false, signal: stop.signal };
  const conversation = new Conversation(new Wire(target), decoder, order);
  let text = '';
  try {
    for await (const { head, batches } of conversation.pages(prepared.sql)) {
      if (head.error) throw new KernelFailure(toFailure(head.error, (place) => prepared.origin(place)));
      text += toRows(batches).flat().join('');
    }
    return text;
  } catch (error) {
    throw stop.reason ? new KernelFailure(stop.error()) : error;
  } finally {
    stop.close();
    void conversation.end();
  }
}

/** Numbers of the plan; `"NaN"` where the cluster does not know. */
const Estimated = z.number().nullable().catch(null);
const EstimateOf = z.object({ outputRowCount: Estimated, outputSizeInBytes: Estimated }).catch({
  outputRowCount: null,
  outputSizeInBytes: null,
});
const TableName = z.object({
  catalog: z.string(),
  schemaTable: z.object({ schema: z.string(), table: z.string() }),
});
const Bound = z.object({ value: z.string().nullish(), bound: z.string() });
const Constraint = z.object({
  columnName: z.string(),
  type: z.string(),
  domain: z.object({
    nullsAllowed: z.boolean(),
    ranges: z.array(z.object({ low: Bound, high: Bound })).catch([]),
  }),
});
const Plan = z.object({
  inputTableColumnInfos: z.array(
    z.object({
      table: TableName,
      constraint: z.object({ columnConstraints: z.array(Constraint).catch([]) }).catch({ columnConstraints: [] }),
      estimate: EstimateOf,
    }),
  ),
  outputTable: TableName.nullish(),
  estimate: EstimateOf,
});

/** Throws KernelFailure for a plan of another form. */
export function readPlan(text: string): IoPlan {
  const read = Plan.safeParse(parsed(text));
  if (!read.success)
    throw new KernelFailure({
      code: 'unsupported',
      message: 'The cluster explains this text in a form this server does not know.',
      detail: text.slice(0, 500),
    });
  const { inputTableColumnInfos, outputTable, estimate } = read.data;
  return {
    tables: inputTableColumnInfos.map((info) => toTable(info)),
    output: outputTable ? toName(outputTable) : null,
    rows: estimate.outputRowCount,
    bytes: estimate.outputSizeInBytes,
  };
}

function toTable(info: z.infer<typeof Plan>['inputTableColumnInfos'][number]): IoTable {
  return {
    ...toName(info.table),
    columns: info.constraint.columnConstraints.map(({ columnName, type, domain }) => ({
      name: columnName,
      type,
      nulls: domain.nullsAllowed,
      ranges: domain.ranges.map(({ low, high }) => ({ low: toBound(low), high: toBound(high) })),
    })),
    rows: info.estimate.outputRowCount,
    bytes: info.estimate.outputSizeInBytes,
  };
}

function toName({ catalog, schemaTable }: z.infer<typeof TableName>) {
  return { catalog, ...schemaTable };
}

function toBound({ value, bound }: z.infer<typeof Bound>): IoBound | null {
  return typeof value === 'string' ? { value, exact: bound === 'EXACTLY' } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // no JSON is no plan
  }
}
