import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeEvents, eventsMediaType } from '#kernels/events.ts';
import type { KernelEvent } from '#kernels/kernel.ts';
import { newId } from '#lib/notebook/id.ts';
import { admin, addConnection, endless, runningOf, startConnected, type Connected } from '#lib/testing/connected.ts';
import { makeActor, makeMember } from '#lib/testing/people.ts';
import { until } from '#lib/testing/until.ts';
import type { Actor } from '#lib/server/access.ts';

/* A query that nobody waits for any more is gone from a real cluster, however its asker or this server ended. */

const cluster = admin();
const running = (user: string) => runningOf(cluster.run, user);
const gone = (user: string) => until(async () => (await running(user)).length === 0, `nothing of ${user} runs`);
afterAll(() => cluster.close());

const userOf = ({ email }: Actor) => email.split('@')[0]!;

describe('in a server that lives', () => {
  let connected: Connected;
  beforeAll(async () => {
    connected = await startConnected();
  });
  afterAll(() => connected.close());

  const rowsLeft = () => connected.lodestar.db.clusterQuery.count();
  const accepting = { accept: eventsMediaType };

  async function begin(actor: Actor, more: object = {}, accept = accepting) {
    const leave = new AbortController();
    const response = connected.query(actor, endless, more, { headers: accept, signal: leave.signal });
    return { leave, response };
  }

  async function* eventsOf(response: Promise<Response>): AsyncGenerator<KernelEvent> {
    yield* decodeEvents((await response).body!);
  }

  async function untilState(events: AsyncGenerator<KernelEvent>, state: string): Promise<KernelEvent> {
    for (;;) {
      const { value, done } = await events.next();
      if (done || value.type === 'failed') throw new Error(JSON.stringify(value));
      if (value.type === 'progress' && value.cluster?.state === state) return value;
    }
  }

  test('leaving stops it, and forgets it', async () => {
    const user = userOf(connected.owner);
    const { leave, response } = await begin(connected.owner);
    await untilState(eventsOf(response), 'RUNNING');
    expect(await running(user)).toHaveLength(1);
    expect(await rowsLeft()).toBe(1);
    leave.abort();
    await gone(user);
    await until(async () => (await rowsLeft()) === 0, 'its row is gone');
  });

  test('leaving a page that waits for JSON stops it too', async () => {
    const user = userOf(connected.owner);
    const { leave, response } = await begin(connected.owner, {}, { accept: 'application/json' });
    await until(async () => (await running(user)).length === 1, 'it runs');
    leave.abort();
    await gone(user);
    expect((await response).status).toBe(422);
  });

  test('where it can be stopped is sealed', async () => {
    const { leave, response } = await begin(connected.owner);
    await untilState(eventsOf(response), 'RUNNING');
    const [row] = await connected.lodestar.db.clusterQuery.findMany();
    expect(row).toMatchObject({ userId: connected.owner.userId, connectionId: connected.connection.id });
    expect(row!.stopAt).toMatch(/^s1\.[\w-]+$/);
    leave.abort();
    await gone(userOf(connected.owner));
  });

  test('waiting says how many come before, takes turns, and runs nothing on the cluster meanwhile', async () => {
    const { lodestar, projectId, owner } = connected;
    const other = await makeActor();
    await makeMember(projectId, other, 'reader');
    const connection = (await addConnection(lodestar, projectId, owner, { limits: { together: 1, perPerson: 1 } })).id;
    const first = await begin(owner, { connection });
    await untilState(eventsOf(first.response), 'RUNNING');
    const second = await begin(owner, { connection });
    const secondEvents = eventsOf(second.response);
    expect(await untilState(secondEvents, 'WAITING')).toMatchObject({
      cluster: { before: 0, queryId: '' },
      note: expect.stringMatching(/^Waits for its turn on c_\w+, which runs 1 queries at a time and 1 of one person/),
    });
    const third = await begin(other, { connection });
    const thirdEvents = eventsOf(third.response);
    expect(await untilState(thirdEvents, 'WAITING')).toMatchObject({ cluster: { before: 0 } });
    expect(await untilState(secondEvents, 'WAITING')).toMatchObject({ cluster: { before: 1 } });
    expect(await running(userOf(other))).toEqual([]);
    first.leave.abort();
    await untilState(thirdEvents, 'RUNNING');
    second.leave.abort();
    third.leave.abort();
    await Promise.all([gone(userOf(owner)), gone(userOf(other))]);
  });

  test('deleting the connection runs nothing that waited for its turn on it', async () => {
    const { lodestar, projectId, owner, call } = connected;
    const { id } = await addConnection(lodestar, projectId, owner, { limits: { together: 1, perPerson: 1 } });
    const first = eventsOf((await begin(owner, { connection: id })).response);
    await untilState(first, 'RUNNING');
    const second = eventsOf((await begin(owner, { connection: id })).response);
    await untilState(second, 'WAITING');
    expect((await call(owner, `/api/connections/${id}`, undefined, { method: 'DELETE' })).status).toBe(204);
    const told: KernelEvent[] = [];
    for await (const event of second) told.push(event);
    expect(told).toEqual([{ type: 'failed', error: expect.objectContaining({ code: 'cancelled' }) }]);
    await gone(userOf(owner));
  });

  test('deleting the connection stops what runs on it', async () => {
    const { lodestar, projectId, owner, call } = connected;
    const { id } = await addConnection(lodestar, projectId, owner);
    const { response } = await begin(owner, { connection: id });
    const events = eventsOf(response);
    await untilState(events, 'RUNNING');
    expect((await call(owner, `/api/connections/${id}`, undefined, { method: 'DELETE' })).status).toBe(204);
    await gone(userOf(owner));
    for await (const event of events) if (event.type === 'failed') expect(event.error.code).toBe('cancelled');
  });
});

describe('in a server that ends', () => {
  let dataDir: string;
  let child: ChildProcess | null = null;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lodestar-cluster-'));
  });
  afterEach(async () => {
    await end('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Resolves when it says that it is ready. */
  async function launch(user: string): Promise<void> {
    const env = { ...process.env, DATA_DIR: dataDir, TEST_USER: user };
    const started = spawn(process.execPath, ['lib/testing/cluster-process.ts'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    const died = once(started, 'exit').then(() => Promise.reject(new Error('The server ended before it was ready.')));
    await Promise.race([once(started.stdout, 'data'), died]);
    died.catch(() => undefined);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  test('kill -9 in the middle: the next start stops what was left', async () => {
    const user = `k_${newId()}`;
    await launch(user);
    await end('SIGKILL');
    expect(await running(user)).toHaveLength(2);
    await launch(user);
    await gone(user);
  });

  test('SIGTERM: it ends when the cluster has heard it', async () => {
    const user = `t_${newId()}`;
    await launch(user);
    expect(await running(user)).toHaveLength(2);
    await end('SIGTERM');
    // The end of a read-only transaction may still be on its way; it holds nothing.
    expect((await running(user)).filter((text) => text !== 'ROLLBACK')).toEqual([]);
  });
});
