import { randomUUID } from 'node:crypto';
import { ask } from '#kernels/server.ts';
import type { CellSpec } from '#lib/notebook/cell.ts';
import { newId } from '#lib/notebook/id.ts';
import { createConnections } from '#lib/server/connections/create.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import type { SchedulerOptions } from '#lib/server/jobs/start.ts';
import { makeNotebook, startJobs, type Jobs } from './jobs.ts';
import { makeTarget } from './trino-target.ts';
import { trinoUrl } from './trino.ts';

/*
 * A shop whose sales are in an Iceberg table of a real Trino, with a connection to it: what lib/testing/jobs.ts has in the
 * warehouse. On the day d of November 2026 there are d sales, of 1, 2, … d cents.
 */

export const dailySales = `SELECT CAST(paid_at AS DATE) AS day, count(*) AS purchases, sum(cents) AS cents
FROM sale WHERE paid_at >= {{window_start}} AND paid_at < {{window_end}} GROUP BY 1`;

export interface Lake extends Jobs {
  connectionId: string;
  schema: string;
  /** One statement as the lake's own administrator; its rows as text. */
  sql(text: string): Promise<(string | null)[][]>;
}

export async function startLake(options: SchedulerOptions = {}): Promise<Lake> {
  const jobs = await startJobs(options, {
    config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' },
    connections: (world) => createConnections(world, { every: 0 }),
    warehouse: (world) => createWarehouse(world),
  });
  const schema = `t_jobs_${randomUUID().slice(0, 8)}`;
  const sql = asAdministrator(trinoUrl());
  await makeSales(sql, schema);
  const connectionId = await makeConnection(jobs, { schema, writes: `iceberg.${schema}` });
  const close = async () => {
    await jobs.close();
    await sql(`DROP SCHEMA IF EXISTS iceberg.${schema} CASCADE`);
  };
  return { ...jobs, schema, sql, connectionId, close };
}

export function asAdministrator(url: string): Lake['sql'] {
  const target = makeTarget({ url });
  return async (text) => (await ask(target, text, { access: 'write', timeout: 120_000 })).rows;
}

export async function makeSales(sql: Lake['sql'], schema: string): Promise<void> {
  await sql(`CREATE SCHEMA IF NOT EXISTS iceberg.${schema}`);
  await sql(`CREATE TABLE iceberg.${schema}.sale AS
    SELECT date_add('minute', 30 * n, date_add('day', day - 1, TIMESTAMP '2026-11-01 00:00:00.000000')) AS paid_at, n AS cents
    FROM UNNEST(sequence(1, 30)) AS days(day) CROSS JOIN UNNEST(sequence(1, 30)) AS numbers(n) WHERE n <= day`);
}

/** A connection that believes who people are, as the test's Trino does. */
export async function makeConnection(
  { lodestar, projectId, lead }: Pick<Jobs, 'lodestar' | 'projectId' | 'lead'>,
  given: { schema: string; writes: string; name?: string; url?: string; limits?: object },
): Promise<string> {
  const { schema, writes, name = 'lake', url = trinoUrl(), limits = {} } = given;
  const identity = { kind: 'none', becomes: 'email' };
  const settings = { catalog: 'iceberg', schema, writes, identity, limits };
  const data = { id: newId(), projectId, name, url, settings, createdBy: lead.userId };
  return (await lodestar.db.connection.create({ data })).id;
}

/** A notebook of cells on the connection, but for those that say what else they are. */
export function makeLakeNotebook(lake: Lake, ...cells: Partial<CellSpec>[]): Promise<{ id: string }> {
  const there = { type: 'sql', engine: 'trino', connection: lake.connectionId } as const;
  const here = { type: 'sql' } as const;
  return makeNotebook(
    lake.projectId,
    lake.lead,
    cells.map((cell) => ({ ...(cell.engine || cell.type ? here : there), ...cell })),
  );
}
