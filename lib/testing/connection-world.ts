import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { ConnectionInput } from '#lib/connection/settings.ts';
import type { Tested, TestStep } from '#lib/connection/view.ts';
import type { Actor } from '#lib/server/access.ts';
import { createConnection } from '#lib/server/data/connection.ts';
import { makeCertificate } from './certificate.ts';
import type { Coordinator } from './coordinator.ts';
import { startLittleTrino } from './little-trino.ts';
import { startLodestar, type TestLodestar } from './lodestar.ts';
import { makeActor, makeMember, makeProject } from './people.ts';

/* Connections as people make them, against clusters of a test's own: one over TLS with a password, one of somebody who means no good, one in the open. */

export const password = 'open sesame 4711';
export const certificate = makeCertificate();
export const never = new AbortController().signal;

export let lodestar: TestLodestar;
export let cluster: Coordinator;
export let eve: Coordinator;
export let plain: Coordinator;
export let owner: Actor;
export let reader: Actor;
export let stranger: Actor;
export let projectId: string;
export let logged = '';

/** Called once in a file: the clusters and people below are there for each of its tests, the people new for each. */
export function useConnections(): void {
  beforeAll(async () => {
    cluster = await startLittleTrino({ certificate, password });
    eve = await startLittleTrino({ certificate, password: 'what eve wants to know' });
    plain = await startLittleTrino();
    lodestar = await startLodestar({ config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' } });
    const lines = new Writable({ write: (chunk, _, done) => ((logged += String(chunk)), done()) });
    lodestar.log = pino({ level: 'trace' }, lines);
  });
  afterAll(async () => {
    await lodestar.close();
    await Promise.all([cluster, eve, plain].map((each) => each.close()));
  });

  beforeEach(async () => {
    [owner, reader, stranger] = await Promise.all([makeActor(), makeActor(), makeActor()]);
    projectId = (await makeProject(owner)).id;
    await makeMember(projectId, reader, 'reader');
    for (const each of [cluster, eve, plain]) each.heard.length = 0;
  });
}

export const settings = (more: object = {}): ConnectionInput['settings'] => ({
  catalog: 'lake',
  schema: 'shop',
  session: {},
  authority: certificate.cert,
  identity: { kind: 'service', account: 'svc', becomes: 'email', exceptions: {} },
  limits: {
    rows: 100,
    resultBytes: 1_000_000,
    scanBytes: null,
    time: 60,
    perPerson: 3,
    together: 20,
    cache: 600,
  },
  writes: '',
  ...more,
});
export const input = (more: Partial<ConnectionInput> = {}): ConnectionInput => ({
  name: 'lake',
  url: cluster.url,
  settings: settings(),
  secret: password,
  ...more,
});
export const kept = (more: Partial<ConnectionInput> = {}): ConnectionInput => {
  const { secret: _, ...rest } = input(more);
  return rest;
};
export const person = (more: Partial<ConnectionInput> = {}) =>
  kept({ settings: settings({ identity: { kind: 'person' } }), ...more });
export const own = { account: 'ada', secret: password };
export const make = (given = input()) => createConnection(owner, projectId, given, never);

export async function stepsOf(running: Promise<AsyncGenerator<TestStep, Tested>>): Promise<Record<string, string>> {
  const steps: Record<string, string> = {};
  for await (const { step, state, found } of await running) steps[step] = `${state}: ${found}`;
  return steps;
}
