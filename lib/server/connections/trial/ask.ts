import { request } from 'undici';
import { z } from 'zod';
import { KernelFailure } from '#kernels/failure.ts';
import { ask, networkError, type Answer, type TrinoTarget } from '#kernels/server.ts';
import { quoted } from '#lib/connection/name.ts';
import { formatDuration } from '#lib/table/format.ts';
import { accountOf } from './identity.ts';
import type { Found, Targets, Trial } from './trial.ts';

/** ms for each statement of a trial. */
const patience = 20_000;

export function asked(target: TrinoTarget, trial: Trial, sql: string): Promise<Answer> {
  return ask(target, sql, { signal: trial.signal, timeout: patience });
}

/** Whether the cluster lets the account in. */
export async function signIn(targets: Targets, trial: Trial): Promise<Found> {
  const { identity } = trial.tried.settings;
  const account = accountOf(trial.tried);
  if (account === '') return { state: 'failed', found: missing[identity.kind] };
  if (identity.kind === 'service' && trial.tried.secret === null)
    return { state: 'failed', found: `Give the password of ${account}.` };
  await asked(targets.account, trial, 'SELECT current_user');
  return { state: 'good', found: identity.kind === 'none' ? `as ${account}, without a password` : `as ${account}` };
}

const missing = {
  service: 'Name the account that signs in.',
  person: 'Give your own account on the cluster, to try it with.',
  none: 'Your e-mail address gives no user.',
};

/** What answers there. */
const Info = z.object({
  nodeVersion: z.object({ version: z.string() }),
  uptime: z.string().default(''),
  starting: z.boolean().default(false),
});

export async function askVersion(targets: Targets, trial: Trial): Promise<Found> {
  const { nodeVersion, uptime, starting } = await readInfo(trial);
  if (starting) return { state: 'failed', found: 'The cluster is still starting. Try again in a moment.' };
  const nodes = await asked(targets.account, trial, 'SELECT count(*) FROM system.runtime.nodes').catch(() => null);
  const count = Number(nodes?.rows[0]?.[0] ?? 0);
  const size = count > 0 ? `, ${count} ${count === 1 ? 'node' : 'nodes'}` : '';
  return {
    state: 'good',
    found: `Trino ${nodeVersion.version}${size}, up ${uptime ? uptimeWords(uptime) : 'for a time it does not say'}`,
  };
}

/** `7.95m`, as Trino says it, as `8 min`. */
function uptimeWords(uptime: string): string {
  const [, amount, unit] = /^([\d.]+)([a-z]+)$/.exec(uptime) ?? [];
  const units: Record<string, string> = {
    s: 's',
    m: 'min',
    h: 'h',
    d: Math.round(Number(amount)) === 1 ? 'day' : 'days',
  };
  return unit && units[unit] ? `${Math.round(Number(amount))} ${units[unit]}` : uptime;
}

async function readInfo({ tried, dispatcher, signal }: Trial): Promise<z.infer<typeof Info>> {
  const url = new URL('/v1/info', tried.url);
  const limits = { headersTimeout: patience, bodyTimeout: patience };
  try {
    const { statusCode, body } = await request(url, { dispatcher, signal, ...limits });
    const text = await readSome(body);
    const parsed = Info.safeParse(statusCode === 200 ? JSON.parse(text) : null);
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw new KernelFailure(networkError(error, url));
  }
  const message = `What answers at ${url.host} does not say that it is Trino.`;
  throw new KernelFailure({ code: 'refused', message, hint: 'Give the address of the coordinator.' });
}

/** No more than an honest answer has. */
export async function readSome(body: AsyncIterable<Uint8Array>, most = 64 * 1024): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > most) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whether a query comes to its end. */
export async function runOne(targets: Targets, trial: Trial): Promise<Found> {
  const { rows, cluster } = await asked(targets.account, trial, 'SELECT 1');
  if (rows[0]?.[0] !== '1') return { state: 'failed', found: `SELECT 1 gave ${JSON.stringify(rows)}.` };
  const queued = Math.round(cluster.queued);
  return {
    state: 'good',
    found: queued < 10 ? '1 row; nothing was queued' : `1 row; queued ${formatDuration(queued)}`,
  };
}

/** What is there, and whether queries can begin where the connection says. */
export async function listCatalogs(target: TrinoTarget, trial: Trial): Promise<Found> {
  const { catalog, schema } = trial.tried.settings;
  const catalogs = await namesOf(target, trial, 'SHOW CATALOGS');
  if (catalog !== '' && !catalogs.includes(catalog))
    return { state: 'failed', found: `There is no catalog ${catalog}, or ${target.user} may not see it.` };
  const schemas =
    schema === '' || catalog === '' ? [] : await namesOf(target, trial, `SHOW SCHEMAS FROM ${quoted(catalog)}`);
  if (schema !== '' && catalog === '')
    return { state: 'failed', found: `A schema is in a catalog: name the one of ${schema}.` };
  if (schema !== '' && !schemas.includes(schema))
    return { state: 'failed', found: `There is no schema ${catalog}.${schema}, or ${target.user} may not see it.` };
  const shown = catalogs.slice(0, 8).join(', ');
  return { state: 'good', found: `${catalogs.length}: ${shown}${catalogs.length > 8 ? ' …' : ''}` };
}

async function namesOf(target: TrinoTarget, trial: Trial, sql: string): Promise<string[]> {
  return (await asked(target, trial, sql)).rows.map(([name]) => name ?? '');
}
