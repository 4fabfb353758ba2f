import { judge, questionOf, unasked } from '#lib/job/check.ts';
import type { Check } from '#lib/job/spec.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import { hashText } from '#lib/table/hash.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { Inputs } from '#kernels/kernel.ts';
import { toRows } from '#lib/table/text.ts';
import type { CheckResult } from '#lib/server/warehouse/warehouse.ts';
import { drain, type Cluster } from './cluster.ts';
import { isPassing } from './failure.ts';

interface Asked {
  checks: Check[];
  parameters: Parameters;
  signal: AbortSignal;
  log(line: string): void;
}

/** Asks the checks where the rows are. `output` is the query that gives the rows. Throws only where the cluster itself fails. */
export async function checkOn(cluster: Cluster, output: string, asked: Asked): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of asked.checks) {
    const result = await runCheck(cluster, output, check, asked);
    asked.log(`Check ${result.passed ? 'passed' : 'failed'}: ${result.found}`);
    results.push(result);
  }
  return results;
}

/** A check that cannot be asked (a column that is not there) has not passed. */
async function runCheck(cluster: Cluster, output: string, check: Check, asked: Asked): Promise<CheckResult> {
  const relation = { kind: 'query', hash: hashText(output), complete: true, sql: output } as const;
  const inputs = { parameters: asked.parameters, relations: { output: relation } };
  try {
    return judge(check, await answerOf(cluster, check, inputs, asked.signal));
  } catch (error) {
    if (!(error instanceof KernelFailure) || isPassing(error.error.code) || asked.signal.aborted) throw error;
    return unasked(check, error);
  }
}

/** The number that is asked for, or how many rows people's own text gives. */
async function answerOf(cluster: Cluster, check: Check, inputs: Inputs, signal: AbortSignal): Promise<number> {
  const question = questionOf(check);
  const source = question ?? (check.type === 'sql' ? check.sql : '');
  let first: string | null = null;
  const { rows } = await drain(cluster.kernel.run({ name: 'check', source }, inputs, { signal }), (event) => {
    if (event.type === 'batch' && first === null) first = toRows([event.batch], 1)[0]?.[0] ?? null;
  });
  return question === null ? rows : Number(first);
}
