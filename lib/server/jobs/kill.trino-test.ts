import { spawn, type ChildProcess } from 'node:child_process';
import { once, type EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asAdministrator, makeSales, type Lake } from '#lib/testing/lake.ts';
import { answerFor, outputOf, type Jobs } from '#lib/testing/jobs.ts';
import { startLodestar } from '#lib/testing/lodestar.ts';
import { startTrino } from '#lib/testing/trino.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';

/** Kills Lodestar or Trino -9 while windows are replaced, at moments drawn from a seed, and looks after each what is left. */

const kills = Number(process.env.KILLS ?? 3);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const schema = 't_kill';
const days = [18, 19, 20];
let dataDir: string;
let trino: Awaited<ReturnType<typeof startTrino>>;
let sql: Lake['sql'];
let child: ChildProcess | null = null;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lodestar-kill-'));
  trino = await startTrino();
  sql = asAdministrator(trino.url);
  await makeSales(sql, schema);
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await trino?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

it(`each window stands once after ${kills} kills (SEED=${seed})`, { timeout: 3_600_000 }, async () => {
  const random = generator(seed);
  const killed = { lodestar: 0, trino: 0, both: 0 };
  for (let kill = 0; kill < kills; kill += 1) {
    // Every third start has workers that do not know of each other.
    child ??= await startServer(kill % 3 === 0 ? 400 + random() * 800 : null);
    // However slow this machine is, some windows are published before each kill, and the kill meets the next ones.
    const began = performance.now();
    await said(child, /^published/m);
    await said(child, /^published/m);
    const moment = (random() * (performance.now() - began)) / 2;
    await new Promise((resolve) => setTimeout(resolve, moment));
    const whom = random() < 0.65 ? 'lodestar' : random() < 0.5 ? 'trino' : 'both';
    killed[whom] += 1;
    if (whom !== 'trino') await killServer();
    if (whom !== 'lodestar') await trino.kill().then(() => trino.start());
    expect(await wrong(), `after kill ${kill}, of ${whom}`).toEqual([]);
  }
  child ??= await startServer(null);
  await settled();
  await killServer();
  const told = await finish();
  expect(await standing()).toEqual(answer());
  expect(await stages()).toEqual([]);
  console.log(`${JSON.stringify(killed)}; ${JSON.stringify(told)}; SEED=${seed}`);
});

/** Windows that stand otherwise than once, whole and by one commit; one that never stood is not wrong yet. */
async function wrong() {
  const right = new Map(answer().map((row) => [row[0], JSON.stringify(row)]));
  return (await standing()).filter((row) => right.get(row[0]!) !== JSON.stringify(row));
}

/** Each window's start, rows, purchases, cents, and how many queries' files hold it. */
async function standing() {
  if ((await sql(`SHOW TABLES FROM iceberg.${schema} LIKE 'there'`)).length === 0) return [];
  return sql(`SELECT CAST(CAST(window_start AS date) AS varchar), CAST(count(*) AS varchar), CAST(sum(purchases) AS varchar),
    CAST(sum(cents) AS varchar), CAST(count(DISTINCT regexp_extract("$path", '(\\d+_\\d+_\\d+_\\w+)-[^/]*$', 1)) AS varchar)
    FROM iceberg.${schema}.there GROUP BY window_start ORDER BY 1`);
}

function answer() {
  return answerFor(...days).map(({ day, purchases, cents }) => [day, '1', String(purchases), String(cents), '1']);
}

async function stages() {
  return sql(`SHOW TABLES FROM iceberg.${schema} LIKE '%stage%'`);
}

/** Looks into what the killed servers left, without one that works. */
async function finish() {
  const lodestar = (await startLodestar({
    dataDir,
    warehouse: (world) => createWarehouse(world),
  })) as unknown as Jobs['lodestar'];
  try {
    const { db } = lodestar;
    const runs = await db.run.findMany({ include: { lines: true } });
    const bad = runs.filter(({ state }) => state !== 'good');
    expect(bad.map(({ error, lines }) => [error, lines.map(({ text }) => text)])).toEqual([]);
    const jobs = await db.job.findMany({ include: { dataset: { include: { partitions: true } } } });
    const here = jobs.find(({ name }) => name === 'here')!;
    const there = jobs.find(({ name }) => name === 'there')!;
    expect(await outputOf({ lodestar }, here.id)).toEqual(answerFor(...days));
    const kept = await sql(
      `SELECT CAST(CAST(data.window_start AS date) AS varchar), CAST(s.snapshot_id AS varchar) FROM (
        SELECT DISTINCT window_start, regexp_extract("$path", '(\\d+_\\d+_\\d+_\\w+)-[^/]*$', 1) AS query FROM iceberg.${schema}.there) data
        JOIN iceberg.${schema}."there$snapshots" s ON s.summary['trino_query_id'] = data.query ORDER BY 1`,
    );
    const told = there.dataset.partitions.map(({ key, sha256 }) => [dayOf(key), sha256]).sort();
    expect(told, 'the manifest names the snapshots that hold the windows').toEqual(kept);
    const commits = await sql(`SELECT count(*) FROM iceberg.${schema}."there$snapshots" WHERE operation = 'overwrite'`);
    const attempts = runs.reduce((sum, run) => sum + run.attempt, 0);
    return { runs: runs.length, attempts, commits: Number(commits[0]?.[0]) };
  } finally {
    await lodestar.close();
  }
}

/** The day in Berlin on which a window begins. */
function dayOf(key: string): string {
  return new Date(Date.parse(key) + 3_600_000).toISOString().slice(0, 10);
}

async function startServer(rivals: number | null): Promise<ChildProcess> {
  const started = spawn(process.execPath, ['lib/testing/lake-process.ts'], {
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      TRINO: trino.url,
      SCHEMA: schema,
      ...(rivals ? { RIVALS: String(Math.round(rivals)) } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await said(started, /^ready$/m);
  return started;
}

async function killServer(): Promise<void> {
  const gone = child && once(child, 'exit');
  child?.kill('SIGKILL');
  await gone;
  child = null;
}

/** Resolves when the server has said that nothing waits any more. */
async function settled(): Promise<void> {
  child!.kill('SIGUSR2');
  await said(child!, /^settled$/m);
}

/** Resolves when the server says the word from now on; rejects when it ends first. */
async function said(server: ChildProcess, word: RegExp): Promise<void> {
  let output = '';
  const note = (chunk: Buffer) => void (output += chunk.toString());
  for (const stream of [server.stdout!, server.stderr!]) stream.on('data', note);
  const over = new AbortController();
  while (!word.test(output) && server.exitCode === null)
    await Promise.race([heard(server.stdout!, 'data', over.signal), heard(server, 'exit', over.signal)]);
  over.abort();
  for (const stream of [server.stdout!, server.stderr!]) stream.off('data', note);
  if (!word.test(output)) throw new Error(`The server ended by itself:\n${output}`);
}

function heard(emitter: EventEmitter, event: string, signal: AbortSignal): Promise<unknown> {
  return once(emitter, event, { signal }).catch(() => undefined);
}

/** mulberry32: the same moments for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
