import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { authenticate } from '#lib/server/auth/authenticate.ts';
import type { ExecuteSql } from '#lib/server/database/open.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { openPeer, type Peer } from '#lib/testing/peer.ts';
import { makeActor, makeNotebookRow, makeProject, pageHeaders } from '#lib/testing/people.ts';
import { seeded, seedOfRun } from '#lib/testing/seed.ts';
import { until } from '#lib/testing/until.ts';
import { createLog } from './log.ts';
import { createRooms, type Rooms } from './rooms.ts';

const seeds = Number(process.env.SEEDS ?? 200);
const first = seedOfRun();

let lodestar: TestLodestar;
let rooms: { current: Rooms; isAlive: boolean };
let url: string;
let headers: Record<string, string>;
let projectId: string;
let owner: Awaited<ReturnType<typeof makeActor>>;
const lines = new Set<Socket>();
const server = createServer();

beforeAll(async () => {
  lodestar = await startLodestar({ rooms: (started) => freshRooms(started) });
  owner = await makeActor({ isAdmin: true });
  projectId = (await makeProject(owner)).id;
  headers = await pageHeaders(owner);
  server.on('connection', (line) => {
    lines.add(line);
    line.on('close', () => lines.delete(line));
  });
  server.on('upgrade', (request, socket, head) => rooms.current.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/collaboration`;
});
afterAll(async () => {
  await lodestar.close();
  server.close();
});

test(
  `${seeds} seeds of 2 to 6 stock clients with drops and crashes converge (SEED=${first})`,
  { timeout: seeds * 2000 },
  async () => {
    // Several notebooks at a time, so that a crash meets group commits of more than one room.
    for (let done = 0; done < seeds; done += 10)
      await Promise.all(
        Array.from({ length: Math.min(10, seeds - done) }, (_, index) => converge(first + done + index)),
      );
  },
);

async function converge(seed: number): Promise<void> {
  const random = seeded(seed);
  const notebookId = (await makeNotebookRow(projectId, owner)).id;
  const peers = Array.from({ length: 2 + Math.floor(random() * 5) }, () =>
    openPeer({ url, notebookId, headers, maxBackoffTime: 10 }),
  );
  const acts = 20 + Math.floor(random() * 40);
  for (let act = 0; act < acts; act += 1) {
    const peer = peers[Math.floor(random() * peers.length)]!;
    if (random() < 0.06) peer.provider.ws?.close();
    else if (random() < 0.02) crash();
    else edit(peer.doc, random);
    if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
    if (random() < 0.05) await peer.synced();
  }
  await Promise.all(peers.map((peer) => peer.stored()));
  await until(() => isSame(peers), `all read the same (SEED=${seed})`);
  const { doc } = await createLog(lodestar.executeSql).load(notebookId);
  expect(picture(doc), `the store reads as the peers do (SEED=${seed})`).toBe(picture(peers[0]!.doc));
  for (const peer of peers) peer.close();
}

function edit(doc: Y.Doc, random: () => number): void {
  const text = doc.getText('t');
  const at = Math.floor(random() * (text.length + 1));
  const kind = random();
  if (kind < 0.5)
    text.insert(at, String.fromCharCode(97 + Math.floor(random() * 26)).repeat(1 + Math.floor(random() * 5)));
  else if (kind < 0.7) text.delete(at, Math.min(text.length - at, 3));
  else if (kind < 0.85) doc.getMap('m').set(`k${Math.floor(random() * 4)}`, random());
  else doc.getArray('a').insert(0, [random()]);
}

/** The process dies: nothing more reaches the database, every line breaks, what was not stored is gone. */
function crash(): void {
  rooms.isAlive = false;
  lodestar.rooms = freshRooms(lodestar);
  for (const line of lines) line.destroy();
}

function freshRooms({ log, now, executeSql }: Lodestar): Rooms {
  const life = { isAlive: true };
  const mortal: ExecuteSql = (text, values) => (life.isAlive ? executeSql(text, values) : new Promise(() => {}));
  const current = createRooms({
    log,
    now,
    executeSql: mortal,
    authenticate,
    allowedOrigins: () => [headers['origin'] ?? ''],
    limits: { compactRows: 5, standingMs: 60_000, mirrorMs: 60_000, graceMs: 50, socketsPerPerson: 10_000 },
  });
  rooms = Object.assign(life, { current });
  return current;
}

function isSame(peers: readonly Peer[]): boolean {
  return new Set(peers.map(({ doc }) => picture(doc))).size === 1;
}

/** Everything in it, with what has no order put in order. */
function picture(doc: Y.Doc): string {
  const map = Object.entries(doc.getMap('m').toJSON()).sort();
  const vector = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort();
  return JSON.stringify([doc.getText('t'), map, doc.getArray('a'), vector]);
}
