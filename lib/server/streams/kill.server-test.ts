import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { randomFrom } from '#lib/server/warehouse/sample/random.ts';
import { startCluster, whyNoPostgres, type Cluster } from '#lib/testing/postgres.ts';
import { startLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { makeStreamRow } from '#lib/testing/streams.ts';
import type { Answer } from './frame.ts';

/** Kills a writer -9 at moments drawn from a seed; what it acknowledged is there once, and nothing twice. */

const why = await whyNoPostgres();
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const eventsIn = 5;
let cluster: Cluster | undefined;
const dirs: string[] = [];
beforeAll(async () => void (cluster = why ? undefined : await startCluster()));
afterAll(async () => {
  await cluster?.close();
  for (const dir of dirs) await rm(dir, { recursive: true, force: true });
});

const kinds = [
  ['PostgreSQL', Number(process.env.KILLS ?? 6)],
  ['PGlite', Math.ceil(Number(process.env.KILLS ?? 6) / 3)],
] as const;

test.for(kinds)(
  `after kills on %s every acknowledged batch is there once (SEED=${seed})`,
  { timeout: 600_000 },
  async ([kind, kills], { skip }) => {
    if (kind === 'PostgreSQL' && why) skip(why);
    const dataDir = await mkdtemp(join(tmpdir(), 'lodestar-streams-'));
    dirs.push(dataDir);
    const url = kind === 'PostgreSQL' ? await cluster!.database() : 'pglite';
    const where = kind === 'PostgreSQL' ? { postgres: url } : { dataDir };
    const given = { ...where, config: { DATA_DIR: dataDir } };
    const maker = await startLodestar(given);
    const project = (await makeProject(await makeActor())).id;
    const id = await makeStreamRow(project, { name: 'log' });
    await maker.close();

    const random = randomFrom(seed);
    const acked = new Map<number, Answer>();
    for (let kill = 0; kill < kills; kill++) {
      let first = 0;
      while (acked.has(first)) first++;
      await pushAndKill([dataDir, url, id, String(first)], 1 + Math.floor(random() * 60), acked);
    }

    const lodestar = await startLodestar({ ...given, warehouse: (world) => createWarehouse(world) });
    try {
      const live = await lodestar.streams.live(id);
      const { log } = await lodestar.streams.relations(project, ['log']);
      const sql = `SELECT count(*)::INT AS n, count(DISTINCT id)::INT AS ids, (min(_offset) = 0 AND max(_offset) = n - 1 AND count(DISTINCT _offset) = n) AS dense,
      list(DISTINCT id // ${eventsIn})::INT[] AS batches, bool_and(_offset // ${eventsIn} = other) AS whole
      FROM (SELECT *, min(_offset) OVER (PARTITION BY id // ${eventsIn}) // ${eventsIn} AS other FROM log)`;
      const rows: Record<string, unknown>[] = [];
      for await (const event of lodestar.warehouse.kernel.run(
        { name: 'x', source: sql },
        { parameters: {}, relations: { log: log! } },
        { signal: AbortSignal.timeout(60_000) },
      )) {
        if (event.type === 'failed') throw new Error(JSON.stringify(event.error));
        if (event.type === 'batch') rows.push(event.batch.get(0)!.toJSON() as Record<string, unknown>);
      }
      const [found] = rows;
      const batches = new Set(found!.batches as Iterable<number>);
      expect([...acked.keys()].filter((number) => !batches.has(number))).toEqual([]);
      expect(found).toMatchObject({
        n: batches.size * eventsIn,
        ids: batches.size * eventsIn,
        dense: true,
        whole: true,
      });
      expect(live).toMatchObject({ end: found!.n, deadLetters: batches.size, duplicates: batches.size });
      const dead = await lodestar.db.deadLetter.count({ where: { streamId: id } });
      expect(dead).toBe(batches.size);
      for (const answer of acked.values())
        expect(answer).toMatchObject({ accepted: eventsIn, duplicates: 1, deadLetters: 1 });
      expect(new Set([...acked.values()].map(({ offset }) => offset)).size).toBe(acked.size);
      expect(acked.size).toBeGreaterThan(kills);
    } finally {
      await lodestar.close();
    }
  },
);

/** Kills the writer at once when it has said so many acknowledgements; the moment falls anywhere in what it does next. */
async function pushAndKill(args: string[], count: number, acked: Map<number, Answer>): Promise<void> {
  const child = spawn(process.execPath, ['lib/testing/streams-process.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const gone = once(child, 'exit');
  let left = count;
  for await (const line of createInterface(child.stdout)) {
    const found = /^ack (\d+) (.+)$/.exec(line);
    if (!found) continue;
    const [number, answer] = [Number(found[1]), JSON.parse(found[2]!) as Answer];
    if (acked.has(number)) expect(answer, 'the same again is answered the same').toEqual(acked.get(number));
    acked.set(number, answer);
    if (--left === 0) child.kill('SIGKILL');
  }
  await gone;
  expect(left, complaint).toBeLessThanOrEqual(0);
}
