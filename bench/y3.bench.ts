import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { encodeBarrier } from '#lib/notebook/barrier.ts';
import { startCollaboration } from '#lib/testing/collaboration-process.ts';
import { killRepeatedly } from '#lib/testing/kills.ts';
import { startLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeNotebookRow, makeProject } from '#lib/testing/people.ts';
import { seeded, seedOfRun } from '#lib/testing/seed.ts';
import { typing } from './crowd.ts';
import { run } from './frame.ts';
import { percentile } from './verdict.ts';

/*
 * Y3: nothing typed is lost. From a key to "stored" on the same screen (websocket there, group commit, barrier back)
 * over one bare INSERT in a process that does nothing else; both on PGlite on disk, both a key every 20 ms, p99 of each
 * round. Then the server is killed with -9 while people type, Y3_KILLS times, and what was acknowledged is counted.
 */
const keys = 250;
const everyMs = 20;
const kills = Number(process.env.Y3_KILLS ?? 20);

const folder = await mkdtemp(join(tmpdir(), 'lodestar-y3-'));
const bare = await startLodestar({ dataDir: join(folder, 'bare') });
const owner = await makeActor();
const notebookId = (await makeNotebookRow((await makeProject(owner)).id, owner)).id;
const server = await startCollaboration(join(folder, 'rooms'));

await run({
  name: 'Y3',
  goal: { atMost: 3 },
  note: `p99 in ms of ${keys} keys, one every ${everyMs} ms; PGlite on disk`,
  baseline: async () => summary(await paced(typing(keys), bareCommit)),
  candidate: async () => {
    const socket = new WebSocket(`${server.url}/${await server.notebook()}`, { headers: server.headers });
    await once(socket, 'open');
    const measured = summary(await paced(typing(keys), (frame, n) => acknowledged(socket, frame, n)));
    socket.terminate();
    return measured;
  },
});
await server.close();
await bare.close();

const { typed, acknowledged: promised, lost } = await killRepeatedly(kills, join(folder, 'kills'), seeded(seedOfRun()));
console.log(
  `Y3 ${lost.length} lost of ${promised} acknowledged (${typed} typed) in ${kills} kill -9 (0 lost) ${lost.length === 0 ? 'pass' : 'miss'}`,
);
await rm(folder, { recursive: true, force: true });
process.exit(lost.length === 0 ? 0 : 1);

async function bareCommit(frame: Uint8Array): Promise<void> {
  await bare.executeSql('INSERT INTO "Update" ("notebookId", data) VALUES ($1, $2)', [notebookId, frame]);
}

/** Resolves when the barrier sent after the frame comes back. */
function acknowledged(socket: WebSocket, frame: Uint8Array, n: number): Promise<void> {
  const barrier = Buffer.from(encodeBarrier(n));
  const answered = new Promise<void>((resolve) => {
    const listen = (data: Buffer) => {
      if (!data.equals(barrier)) return;
      socket.off('message', listen);
      resolve();
    };
    socket.on('message', listen);
  });
  socket.send(frame);
  socket.send(barrier);
  return answered;
}

async function paced(frames: Uint8Array[], act: (frame: Uint8Array, n: number) => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (const [n, frame] of frames.entries()) {
    const started = performance.now();
    await act(frame, n);
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, everyMs - (performance.now() - started))));
  }
  return times;
}

function summary(times: number[]) {
  return { cost: percentile(times, 0.99), detail: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) } };
}
