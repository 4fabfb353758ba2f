import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCollaboration } from '#lib/testing/collaboration-process.ts';
import { startChild } from './child.ts';
import { gather, typing, type Crowd } from './crowd.ts';
import { run } from './frame.ts';

/*
 * Y1: many people in one notebook. Server CPU per update delivered to another person, with sign-in, roles, presence and
 * the durable log on, over a raw broadcaster that does nothing but send. Both get the same frames at the same rate, as
 * fast as this machine can make a crowd of 100 (Y1_RATE keys a second each); our clients also hear themselves, which is
 * paid for and not counted.
 */
const people = 100;
const perSecond = Number(process.env.Y1_RATE ?? 5);
const letters = perSecond * 4;
const delivered = people * letters * (people - 1);

const dataDir = await mkdtemp(join(tmpdir(), 'lodestar-y1-'));
const raw = await startChild(new URL('broadcaster.ts', import.meta.url));
const lodestar = await startCollaboration(dataDir, { socketsPerPerson: people });
const rawCrowd = await gather(raw.url, people);

await run({
  name: 'Y1',
  goal: { atMost: 1 },
  note: `${people} people, ${perSecond} keys a second each, ${letters} keys; cost is server CPU ms per delivered update`,
  baseline: () => measure(raw, rawCrowd),
  candidate: async () => {
    const crowd = await gather(`${lodestar.url}/${await lodestar.notebook()}`, people, lodestar.headers);
    const measured = await measure(lodestar, crowd);
    crowd.leave();
    return measured;
  },
});

rawCrowd.leave();
await raw.close();
await lodestar.close();
await rm(dataDir, { recursive: true, force: true });

async function measure(server: { cpu(): Promise<number> }, crowd: Crowd) {
  const updates = Array.from({ length: people }, () => typing(letters));
  const [cpuBefore, started] = [await server.cpu(), performance.now()];
  await crowd.type(updates, perSecond);
  const cpu = (await server.cpu()) - cpuBefore;
  return { cost: cpu / delivered, detail: { cpu, wall: performance.now() - started, delivered } };
}
