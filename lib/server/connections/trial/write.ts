import { KernelFailure } from '#kernels/failure.ts';
import { ask, type TrinoTarget } from '#kernels/server.ts';
import { qualified } from '#lib/connection/name.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Found, Trial } from './trial.ts';

const patience = 60_000;

/** Whether jobs could write where the connection lets them: a table of one row is made there, and dropped. */
export async function writeAndDrop(target: TrinoTarget, { tried, signal }: Trial): Promise<Found> {
  const { writes } = tried.settings;
  if (writes === '') return { state: 'skipped', found: 'Jobs write nowhere on this connection.' };
  const [catalog, ...schema] = writes.split('.');
  if (!catalog || schema.length !== 1 || !schema[0])
    return { state: 'failed', found: `Jobs write into one schema, like iceberg.shop; ${writes} is none.` };
  const table = qualified(catalog, schema[0], `lodestar_test_${newId()}`);
  try {
    await ask(target, `CREATE TABLE ${table} AS SELECT 1 AS one`, { access: 'write', timeout: patience, signal });
  } catch (error) {
    throw isAbsent(error) ? absent(error, writes) : error;
  }
  await ask(target, `DROP TABLE ${table}`, { access: 'write', timeout: patience });
  return { state: 'good', found: `a table of 1 row in ${writes}` };
}

/** The cluster has no such catalog or schema. */
function isAbsent(error: unknown): error is KernelFailure {
  return error instanceof KernelFailure && /^(SCHEMA_|CATALOG_)?NOT_FOUND\b/.test(error.error.detail ?? '');
}

function absent({ error }: KernelFailure, writes: string): KernelFailure {
  return new KernelFailure({
    ...error,
    message: `There is no ${writes} on the cluster.`,
    hint: `Make it there, CREATE SCHEMA ${writes}, or name one that exists.`,
  });
}
