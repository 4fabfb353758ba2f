import type { DuckDBConnection } from '@duckdb/node-api';
import { blank, compile } from '#lib/sql/compile.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import type { PlanNode, StepPlan } from '#lib/job/plan.ts';
import type { Step } from '#lib/job/spec.ts';
import { bindValues } from './bind.ts';
import { keep } from './answer.ts';
import { identifier } from './lock.ts';
import type { ExplainRequest, Reply } from './protocol.ts';
import { readsOf } from './reads.ts';
import { hasDistinctUnion, hasIdleLimit, joinsIn } from './tree.ts';

/*
 * How the engine would answer each step, before it optimises: an optimised plan over an empty table is an empty plan. The
 * steps run as in a build, so that each finds what those before it keep; what is `empty` is a table, so that the plan names it.
 */

/** Before the engine is locked: makes the empty tables, and lets EXPLAIN say all it knows. */
export async function prepareExplain(connection: DuckDBConnection, { empty }: ExplainRequest): Promise<void> {
  for (const { name, columns } of empty) {
    const defined = columns.map((column) => `${identifier(column.name)} ${column.type}`);
    await connection.run(`CREATE TABLE ${identifier(name)} (${defined.join(', ')})`);
  }
  await connection.run(`SET explain_output = 'all'`);
}

export async function explain(connection: DuckDBConnection, request: ExplainRequest): Promise<Reply<StepPlan[]>> {
  const plans: StepPlan[] = [];
  for (const step of request.steps) {
    const plan = await planOf(connection, step, request.parameters).catch(() => null);
    const error = await keep(connection, step, request.parameters, () => undefined);
    if (error) return { ok: false, error: { ...error, message: `${step.name}: ${error.message}` } };
    const reads = await readsOf(connection, step.sql);
    plans.push({ name: step.name, plan, reads, ...(await textOf(connection, step.sql, request.parameters)) });
  }
  return { ok: true, value: plans };
}

/** Rejects where the text is wrong, which running it says better, and for what is more than one statement to the engine. */
async function planOf(connection: DuckDBConnection, step: Step, parameters: Parameters): Promise<PlanNode | null> {
  const compiled = compile(step.sql, parameters);
  if (!compiled.ok) return null;
  const prepared = await connection.prepare(`EXPLAIN (FORMAT JSON)\n${compiled.sql}`);
  bindValues(prepared, compiled.values);
  const found = (await prepared.runAndReadAll()).getRows().find(([kind]) => kind === 'logical_plan');
  return (JSON.parse(String(found?.[1] ?? '[null]')) as (PlanNode | null)[])[0] ?? null;
}

type FromText = Pick<StepPlan, 'calls' | 'joins' | 'hasIdleLimit' | 'hasDistinctUnion'>;

/** What only the text tells; one that cannot be taken apart (PIVOT), or has SQL in its strings (query()), is searched for words. */
async function textOf(connection: DuckDBConnection, source: string, parameters: Parameters): Promise<FromText> {
  // With its inputs as they are bound: blanked they are NULL, and LIMIT NULL counts nothing.
  const compiled = compile(source, parameters);
  const text = compiled.ok ? compiled.sql : blank(source);
  const result = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [text]);
  const tree = JSON.parse(String(result.getRows()[0]![0])) as { error?: boolean };
  const calls = tree.error === true ? [] : callsIn(tree);
  if (tree.error === true || calls.includes('query')) return { calls, ...wordsOf(source) };
  return {
    calls,
    joins: joinsIn(tree),
    hasIdleLimit: hasIdleLimit(tree),
    hasDistinctUnion: hasDistinctUnion(tree),
  };
}

function wordsOf(source: string): Omit<FromText, 'calls'> {
  const joins = [...source.matchAll(/\b(left|right|full|semi|anti)\b/gi)].map(([word]) => ({
    type: word.toUpperCase(),
    left: ['*'],
    right: ['*'],
  }));
  return { joins, hasIdleLimit: false, hasDistinctUnion: /\bunion\b(?!\s+all\b)/i.test(source) };
}

/** Functions it calls; the parser takes current_date and its like for columns, until they are bound. */
function callsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { function_name: call, column_names: columns } = value as Record<string, unknown>;
  const own = [call, Array.isArray(columns) && columns.length === 1 ? columns[0] : null];
  const names = own.filter((name) => typeof name === 'string').map((name) => name.toLowerCase());
  return [...names, ...Object.values(value).flatMap(callsIn)];
}
