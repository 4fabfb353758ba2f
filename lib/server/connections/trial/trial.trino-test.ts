import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConnectionInput } from '#lib/connection/settings.ts';
import type { ConnectionView, Tested, TestStep } from '#lib/connection/view.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Actor } from '#lib/server/access.ts';
import { createConnection } from '#lib/server/data/connection.ts';
import { testConnection } from '#lib/server/data/connection-test.ts';
import { admin } from '#lib/testing/connected.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeMember, makeProject } from '#lib/testing/people.ts';
import { send } from '#lib/testing/requests.ts';
import { startTrino, trinoUrl } from '#lib/testing/trino.ts';

/* A connection is tried against a real Trino: one without passwords, and one with TLS, passwords and rules of its own. */

const never = new AbortController().signal;
let lodestar: TestLodestar;
let projectId: string;
let mei: Actor;
let priya: Actor;

beforeAll(async () => {
  lodestar = await startLodestar({ config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' } });
  mei = await makeActor({ name: 'Mei', email: 'mei@shop.example' });
  priya = await makeActor({ name: 'Priya', email: 'priya@shop.example' });
  projectId = (await makeProject(mei)).id;
  await makeMember(projectId, priya, 'editor');
});
afterAll(() => lodestar.close());

async function tried(input: unknown): Promise<Record<string, TestStep>> {
  const steps: TestStep[] = [];
  const running = await testConnection(mei, projectId, ConnectionInput.parse(input), never);
  for await (const step of running) steps.push(step);
  return Object.fromEntries(steps.map((step) => [step.step, step]));
}

const states = (steps: Record<string, TestStep>) =>
  Object.fromEntries(Object.values(steps).map(({ step, state }) => [step, state]));

describe('a cluster that believes names', () => {
  const cluster = admin();
  const schema = `t_${newId()}`;
  const input = (more: object = {}) => ({
    name: 'lake',
    url: trinoUrl(),
    settings: {
      catalog: 'iceberg',
      schema,
      writes: `iceberg.${schema}`,
      identity: { kind: 'none', becomes: 'local-part' },
      ...more,
    },
  });
  beforeAll(() => cluster.run(`CREATE SCHEMA iceberg.${schema}`));
  afterAll(async () => {
    await cluster.run(`DROP SCHEMA iceberg.${schema} CASCADE`);
    await cluster.close();
  });

  test('is tried to the end, and nothing is left on it', async () => {
    const steps = await tried(input());
    expect(states(steps)).toMatchObject({
      address: 'good',
      tls: 'warned',
      'sign-in': 'good',
      version: 'good',
      query: 'good',
      people: 'warned',
      catalogs: 'good',
      write: 'good',
      stop: 'good',
    });
    expect(steps['version']!.found).toMatch(/^Trino 476, \d nodes?, up /);
    expect(steps['people']!.found).toContain('People become mei, priya.');
    expect(steps['write']!.found).toBe(`a table of 1 row in iceberg.${schema}`);
    expect(steps['segments']!.found).toBe('not offered; rows come page by page');
    expect(steps['stop']!.found).toMatch(/^gone from the cluster after /);
    expect(await cluster.run(`SHOW TABLES FROM iceberg.${schema}`)).toEqual([]);
  });

  test('is told a step a line, the last line holding all', async () => {
    const headers = await bearerHeaders(mei);
    const answer = await send(`/api/projects/${projectId}/connections/test`, {
      method: 'POST',
      headers,
      body: input(),
    });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const last = lines.pop() as Tested;
    expect(last.good).toBe(true);
    expect(last.steps).toEqual(lines);
  });

  test('is not kept where jobs could not write', async () => {
    const writes = 'tpch.tiny';
    const made = createConnection(mei, projectId, ConnectionInput.parse(input({ writes })), never);
    await expect(made).rejects.toMatchObject({ status: 422, code: 'not-tested' });
    expect((await tried(input({ writes })))['write']!.state).toBe('failed');
  });

  test('says what to make where the schema for jobs is absent', async () => {
    const writes = `iceberg.t_${newId()}`;
    expect((await tried(input({ writes })))['write']).toMatchObject({
      state: 'failed',
      found: `There is no ${writes} on the cluster. Make it there, CREATE SCHEMA ${writes}, or name one that exists.`,
    });
  });
});

describe('a cluster with TLS, passwords and rules', () => {
  let secured: Awaited<ReturnType<typeof startTrino>>;
  beforeAll(async () => {
    secured = await startTrino({ auth: true });
  }, 180_000);
  afterAll(() => secured?.stop());

  const service = { kind: 'service', account: 'svc_lodestar', becomes: 'local-part' };
  const input = (more: object = {}, settings: object = {}) => ({
    name: 'vault',
    url: secured.url,
    settings: { catalog: 'tpch', schema: 'tiny', authority: secured.ca, identity: service, ...settings },
    secret: secured.passwords['svc_lodestar'],
    ...more,
  });

  test('says for whom it refuses to act, and gives the rule to add', async () => {
    const steps = await tried(input());
    expect(states(steps)).toMatchObject({
      tls: 'good',
      'sign-in': 'good',
      people: 'warned',
      catalogs: 'good',
      stop: 'good',
    });
    expect(steps['people']!.found).toBe('Refused for Priya. mei is allowed.');
    expect(steps['people']!.detail).toContain('cannot impersonate user priya');
    expect(JSON.parse(steps['people']!.rule)).toEqual({
      impersonation: [{ original_user: 'svc_lodestar', new_user: 'priya', allow: true }],
    });
  });

  test('runs as the person where it may, and refuses in words where it may not', async () => {
    const { id } = await createConnection(mei, projectId, ConnectionInput.parse(input()), never);
    const ask = async (actor: Actor) => {
      const headers = await bearerHeaders(actor);
      const body = { sql: 'SELECT current_user AS me', engine: 'trino', connection: id };
      const answer = await send(`/api/projects/${projectId}/query`, { method: 'POST', headers, body });
      return (await answer.json()) as { status?: number; rows?: unknown[][]; detail?: string };
    };
    expect((await ask(mei)).rows).toEqual([['mei']]);
    expect(await ask(priya)).toMatchObject({ status: 403, code: 'refused' });
  });

  test('lets each in with an account of their own, and nobody else', async () => {
    const identity = { kind: 'person' };
    const own = { account: 'mei', secret: secured.passwords['mei'] };
    const given = ConnectionInput.parse(input({ name: 'own', secret: undefined, own }, { identity }));
    const { id } = await createConnection(mei, projectId, given, never);
    const put = async (actor: Actor, body: object) => {
      const headers = await bearerHeaders(actor);
      return (await send(`/api/connections/${id}/credential`, { method: 'PUT', headers, body })).status;
    };
    expect(await put(priya, { account: 'mei', secret: 'a guess' })).toBe(422);
    expect(await put(mei, own)).toBe(200);
    const view = await send(`/api/connections/${id}`, { headers: await bearerHeaders(mei) });
    expect(((await view.json()) as ConnectionView).user).toBe('mei');
  });

  test('a wrong password, and an authority that is not its own, are told apart', async () => {
    expect((await tried(input({ secret: 'wrong' })))['sign-in']).toMatchObject({ state: 'failed' });
    const steps = await tried(input({}, { authority: '' }));
    expect(steps['tls']).toMatchObject({ state: 'failed', found: expect.stringContaining('signed by nobody') });
    expect(steps['sign-in']!.state).toBe('skipped');
  });
});
