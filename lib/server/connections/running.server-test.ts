import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '#lib/notebook/id.ts';
import type { TrinoTarget } from '#kernels/server.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { Running } from './running.ts';

/* The rows by which a query is found again, in a real database; the cluster only notes what it is told to stop. */

const url = 'https://trino.example';
const address = (page: number, id = 'q') => `${url}/v1/statement/executing/${id}/slug/${page}`;
const target = { url } as TrinoTarget;

let lodestar: TestLodestar;
let connectionId: string;
let stopped: string[];
let isDeaf: boolean;

beforeAll(async () => {
  lodestar = await startLodestar();
});
afterAll(() => lodestar.close());
beforeEach(async () => {
  const owner = await makeActor();
  const projectId = (await makeProject(owner)).id;
  connectionId = newId();
  const settings = { identity: { kind: 'none', becomes: 'email' } };
  const data = { id: connectionId, projectId, name: 'lake', url, settings, createdBy: owner.userId };
  await lodestar.db.clusterQuery.deleteMany();
  await lodestar.db.connection.create({ data });
  stopped = [];
  isDeaf = false;
});

const made = (more: object = {}) =>
  new Running(lodestar, {
    alone: false,
    reach: () => Promise.resolve(target),
    stop: (_, at) => {
      if (isDeaf) return Promise.reject(new Error('The cluster is away.'));
      stopped.push(at);
      return Promise.resolve();
    },
    ...more,
  });
const begin = (running: Running, id = newId()) => running.begin(id, connectionId, 'ada', target);
const rows = () => lodestar.db.clusterQuery.findMany();

test('a query has a row from its first address to its end, written anew only where it moves', async () => {
  const running = made();
  const noted = begin(running);
  expect(await rows()).toEqual([]);
  await noted.note(`${url}/v1/statement/queued/q/slug/1`);
  const [queued] = await rows();
  await noted.note(`${url}/v1/statement/queued/q/slug/2`);
  expect((await rows())[0]!.stopAt).toBe(queued!.stopAt);
  await noted.note(address(1));
  expect((await rows())[0]!.stopAt).not.toBe(queued!.stopAt);
  noted.end(true);
  await running.settled();
  expect(await rows()).toEqual([]);
  expect(stopped).toEqual([]);
});

test('one that did not end there is stopped, once, where it was last', async () => {
  const running = made();
  const noted = begin(running);
  await noted.note(address(1));
  await noted.note(address(7));
  noted.end(false);
  noted.end(false);
  await running.settled();
  expect(stopped).toEqual([address(7)]);
  expect(await rows()).toEqual([]);
});

test('one that could not be stopped stays, and is tried again', async () => {
  const running = made();
  const noted = begin(running);
  await noted.note(address(1));
  isDeaf = true;
  noted.end(false);
  await running.settled();
  await running.look();
  expect(await rows()).toHaveLength(1);
  isDeaf = false;
  await running.look();
  expect(stopped).toEqual([address(1)]);
  expect(await rows()).toEqual([]);
});

test('another process’s is left alone while that one lives, and stopped when it has fallen silent', async () => {
  const [other, own] = [made(), made()];
  const noted = begin(other);
  await noted.note(address(1));
  await own.look();
  expect(stopped).toEqual([]);
  await lodestar.db.$executeRaw`UPDATE "ClusterQuery" SET "seenAt" = now() - interval '1 hour'`;
  await other.look();
  await own.look();
  expect(stopped).toEqual([]);
  await lodestar.db.$executeRaw`UPDATE "ClusterQuery" SET "seenAt" = now() - interval '1 hour'`;
  await own.look();
  expect(stopped).toEqual([address(1)]);
});

test('where one process is all there is, rows of any other are left behind at once', async () => {
  await begin(made()).note(address(1));
  await made({ alone: true }).look();
  expect(stopped).toEqual([address(1)]);
  expect(await rows()).toEqual([]);
});

test('an address of another cluster is not called', async () => {
  await begin(made()).note('https://elsewhere.example/v1/statement/executing/q/slug/1');
  await made({ alone: true }).look();
  expect(stopped).toEqual([]);
  expect(await rows()).toEqual([]);
});

test('a query that cannot be noted is not run', async () => {
  await lodestar.db.connection.delete({ where: { id: connectionId } });
  await expect(begin(made()).note(address(1))).rejects.toMatchObject({ error: { code: 'lost' } });
});
