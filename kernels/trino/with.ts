import { KernelFailure } from '#kernels/failure.ts';
import type { Relation } from '#kernels/kernel.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import { compileTrino, quoteName } from '#lib/sql/trino.ts';
import { namesReadApart } from './apart.ts';
import { sameName } from './parse.ts';
import { cutStatement, isQuery } from './statement.ts';
import { unknownParameter } from './unknown.ts';
import { toValues } from './values.ts';

/*
 * What a cell reads of others, as CTEs before its own text: `"orders_daily" AS (…)`. A cell of the same connection goes as its
 * text and is read where it runs, so it is never cut; rows that are elsewhere go as VALUES.
 */

export interface Cte {
  name: string;
  /** `"name" AS (…)` with a `?` for each parameter. */
  sql: string;
  using: string[];
}

/** Characters of all CTEs together. */
const most = 900_000;

/**
 * The CTEs a text needs, each behind those it reads itself. Relations nobody reads are left out, unless the text cannot be
 * parsed. Throws KernelFailure where one is none for Trino, or all are too long.
 */
export async function ctesOf(
  source: string,
  relations: Record<string, Relation>,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<Cte[]> {
  if (Object.keys(relations).length === 0) return [];
  const ctes: Cte[] = [];
  for (const name of await orderOf(source, relations)) {
    const cte = await cteOf(name, relations[name]!, parameters, most - lengthOf(ctes), signal);
    ctes.push(cte);
    if (lengthOf(ctes) > most) throw tooLong(name);
  }
  return ctes;
}

/** A quote counts twice: it is doubled when values are bound, and the cluster counts what it gets. */
function lengthOf(ctes: Cte[]): number {
  return ctes.reduce((sum, { sql }) => sum + sql.length + sql.split("'").length - 1, 0);
}

async function cteOf(
  name: string,
  relation: Relation,
  parameters: Parameters,
  left: number,
  signal?: AbortSignal,
): Promise<Cte> {
  switch (relation.kind) {
    case 'query':
      return queryCte(name, relation.sql, parameters);
    case 'arrow': {
      const sql = toValues(name, await relation.ipc(signal), left);
      if (sql === null) throw tooLong(name);
      return { name, sql: `${quoteName(name)} AS (${sql})`, using: [] };
    }
    case 'parquet':
      throw new KernelFailure({
        code: 'unsupported',
        message: `${name} is a dataset in this server's warehouse, which the cluster cannot read.`,
        hint: 'Read the dataset in a warehouse or browser cell, together with the result of this one.',
      });
  }
}

function queryCte(name: string, source: string, parameters: Parameters): Cte {
  const cut = cutStatement(source);
  if (!cut.ok) throw new KernelFailure({ ...cut.error, message: `${name}: ${cut.error.message}` });
  if (!isQuery(cut.statement) || cut.statement.explain !== '')
    throw new KernelFailure({
      code: 'unsupported',
      message: `${name} is no SELECT, so other cells cannot read it on the cluster.`,
      hint: `Make ${name} a SELECT, or read it in a browser cell.`,
    });
  const compiled = compileTrino(source.slice(cut.statement.from, cut.statement.to), parameters);
  if (!compiled.ok) throw new KernelFailure(unknownParameter(compiled.error.name, name));
  return { name, sql: `${quoteName(name)} AS (\n${compiled.sql}\n)`, using: compiled.using };
}

/** Names in the order in which they must stand: what is read comes before its reader. */
async function orderOf(source: string, relations: Record<string, Relation>): Promise<string[]> {
  const known = Object.keys(relations);
  const order: string[] = [];
  const readBy = async (text: string) => {
    const read = await namesReadApart(text);
    if (!read) return null;
    return known.filter((name) => read.some(({ parts }) => parts.length === 1 && sameName(parts[0]!, name)));
  };
  const visit = async (name: string, above: string[]): Promise<void> => {
    if (order.includes(name) || above.includes(name)) return;
    const relation = relations[name]!;
    const inner = relation.kind === 'query' ? await readBy(relation.sql) : null;
    for (const each of inner ?? []) await visit(each, [...above, name]);
    order.push(name);
  };
  for (const name of (await readBy(source)) ?? known) await visit(name, []);
  return order;
}

function tooLong(name: string): KernelFailure {
  return new KernelFailure({
    code: 'refused',
    message: `${name} has too many rows to be sent to the cluster within the query.`,
    hint: `At most ${most.toLocaleString('en')} characters of SQL go along: filter or aggregate ${name} first, or join in a browser cell.`,
  });
}
