import type { Connection } from '#prisma/client/client.ts';
import type { KernelError } from '#kernels/kernel.ts';
import { ask, type TrinoTarget } from '#kernels/server.ts';
import { ConnectionSettings } from '#lib/connection/settings.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Actor } from '#lib/server/access.ts';
import { makeOutbound } from '#lib/server/outbound/agent.ts';
import { readExceptions } from '#lib/server/outbound/address.ts';
import { startLodestar, type Parts, type TestLodestar } from './lodestar.ts';
import { bearerHeaders, makeActor, makeProject } from './people.ts';
import { trinoUrl } from './trino.ts';

/*
 * A server with a project that is connected to a real Trino, and a way to look at that Trino beside it.
 */

export interface Connected {
  lodestar: TestLodestar;
  owner: Actor;
  projectId: string;
  connection: Connection;
  /** A request to the API's door as someone; JSON where there is a body. */
  call(actor: Actor, path: string, body?: unknown, more?: RequestInit): Promise<Response>;
  /** Runs SQL on the connection as someone, over HTTP. */
  query(actor: Actor, sql: string, more?: object, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export async function startConnected(settings: object = {}, parts: Parts = {}): Promise<Connected> {
  const lodestar = await startLodestar({ config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' }, ...parts });
  const owner = await makeActor({ email: `lead-${newId()}@shop.example` });
  const { id: projectId } = await makeProject(owner);
  const connection = await addConnection(lodestar, projectId, owner, settings);
  const call: Connected['call'] = async (actor, path, body, more = {}) => {
    const headers = new Headers({ ...(await bearerHeaders(actor)), ...(more.headers as Record<string, string>) });
    if (body !== undefined) headers.set('content-type', 'application/json');
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return lodestar.api(new Request(new URL(path, lodestar.publicUrl), { ...sent, ...more, headers }));
  };
  const query: Connected['query'] = (actor, sql, more = {}, init = {}) =>
    call(actor, `/api/projects/${projectId}/query`, { sql, engine: 'trino', connection: connection.id, ...more }, init);
  return { lodestar, owner, projectId, connection, call, query, close: () => lodestar.close() };
}

/** Without a test of it, for tests that are about something else. */
export function addConnection(
  { db }: Pick<TestLodestar, 'db'>,
  projectId: string,
  owner: Actor,
  settings: object = {},
): Promise<Connection> {
  const identity = { kind: 'none', becomes: 'local-part', exceptions: {} };
  const whole = ConnectionSettings.parse({ catalog: 'tpch', schema: 'tiny', identity, ...settings });
  const id = newId();
  return db.connection.create({
    data: { id, projectId, name: `c_${id}`, url: trinoUrl(), settings: whole, createdBy: owner.userId },
  });
}

/** The cluster as its administrator sees it, past Lodestar. */
export function admin(): { run(sql: string): Promise<(string | null)[][]>; close(): Promise<void> } {
  const dispatcher = makeOutbound({ exceptions: readExceptions('true') });
  const target: TrinoTarget = {
    url: trinoUrl(),
    dispatcher,
    authorization: null,
    user: 'test_admin',
    catalog: '',
    schema: '',
    session: {},
    source: 'test',
    clientTags: [],
    clientInfo: '',
    traceToken: '',
  };
  return {
    run: async (sql) => (await ask(target, sql, { access: 'write' })).rows,
    close: () => dispatcher.destroy(),
  };
}

/** What runs or waits on the cluster in the name of this Trino user. */
export async function runningOf(run: (sql: string) => Promise<(string | null)[][]>, user: string): Promise<string[]> {
  const states = `state NOT IN ('FINISHED', 'FAILED')`;
  const rows = await run(`SELECT query FROM system.runtime.queries WHERE "user" = '${user}' AND ${states}`);
  return rows.map(([text]) => text ?? '');
}

/** Runs for minutes, and gives nothing before. */
export const endless = `SELECT count(*) AS n FROM UNNEST(sequence(1, 10000)) AS a (n)
CROSS JOIN UNNEST(sequence(1, 10000)) AS b (n) CROSS JOIN UNNEST(sequence(1, 10000)) AS c (n) WHERE a.n + b.n + c.n < 0`;

export type Failed = KernelError & { detail: string };
