import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { openPeer, type Peer } from '#lib/testing/peer.ts';
import { signedIn, startProduct, type Product } from '#lib/testing/product.ts';
import { seeded, seedOfRun } from '#lib/testing/seed.ts';
import { typeUntil } from '#lib/testing/typist.ts';
import { until } from '#lib/testing/until.ts';

/*
 * The whole product, killed with -9 again and again at random moments while somebody types and while a job runs. What the
 * server said is stored is there afterwards; each window asked for is there once, and equal to an answer computed here.
 */

const kills = Number(process.env.KILLS ?? 8);
const days = 10;
const seed = seedOfRun();

interface Run {
  id: string;
  state: string;
  windowStart: string;
}

let product: Product;
let api: Awaited<ReturnType<typeof signedIn>>;

beforeAll(async () => {
  product = await startProduct();
  api = await signedIn(product.url);
});

afterAll(() => product?.close());

describe(`kill -9, ${kills} times (seed ${seed})`, () => {
  test(
    'no acknowledged keystroke is lost, no window is absent or doubled',
    { timeout: 60_000 + kills * 30_000 },
    async () => {
      const next = seeded(seed);
      const { notebookId, jobId, projectId, datasetId } = await prepareJob();
      const asked = new Set<string>();
      for (let kill = 0; kill < kills; kill += 1) {
        const day = dayOf(Math.floor(next() * days));
        asked.add(day);
        const stored = await typeAndRun({ notebookId, jobId, day, kill, delay: Math.floor(next() * 900) });
        await product.restart();
        expect(await textOf(notebookId, kill), `kill ${kill}`).toSatisfy((text: string) => text.startsWith(stored));
      }
      await settled(jobId);
      expect(await answers(projectId, datasetId)).toEqual([...asked].toSorted().map(answerFor));
    },
  );
});

/** Types into this round's cell and runs one window, until the kill. Gives what was acknowledged by then. */
async function typeAndRun(round: { notebookId: string; jobId: string; day: string; kill: number; delay: number }) {
  const peer = openPeer({
    url: `${product.url.replace('http', 'ws')}/collaboration`,
    notebookId: round.notebookId,
    headers: { authorization: `Bearer ${api.token}` },
  });
  await peer.synced();
  const stop = new AbortController();
  let stored = '';
  const typing = typeUntil(stop.signal, peer, sourceOf(peer, round.kill), (letters) => (stored = letters));
  await until(() => stored.length > 0, 'the first letter is stored');
  const run = api.post(`/api/jobs/${round.jobId}/runs`, { windowStart: round.day });
  await run;
  await new Promise((resolve) => setTimeout(resolve, round.delay));
  await product.kill();
  stop.abort();
  await typing;
  peer.close();
  return stored;
}

function sourceOf(peer: Peer, kill: number): Y.Text {
  const cells = [...(peer.doc.getMap('cells') as Y.Map<Y.Map<unknown>>).values()];
  return cells.find((cell) => cell.get('name') === `note_${kill}`)?.get('source') as Y.Text;
}

async function textOf(notebookId: string, kill: number): Promise<string> {
  const { cells } = await api.get<{ cells: { name: string; source: string }[] }>(`/api/notebooks/${notebookId}`);
  return cells.find((cell) => cell.name === `note_${kill}`)?.source ?? '';
}

async function prepareJob() {
  const { id: projectId } = await api.post<{ id: string }>('/api/projects', { name: 'Killed' });
  await upload(projectId);
  const notes = Array.from({ length: kills }, (_, kill) => ({
    type: 'sql',
    name: `note_${kill}`,
    source: '',
    engine: 'warehouse',
  }));
  const { id: notebookId } = await api.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, {
    title: 'Kills',
    cells: [{ type: 'sql', name: 'daily', engine: 'warehouse', source: daily }, ...notes],
  });
  const promotion = await api.post<{ id: string }>(`/api/notebooks/${notebookId}/promotions`, {
    cell: 'daily',
    target: 'daily_total',
    window: 'day',
    schedule: '0 3 * * *',
    timeZone: 'UTC',
    checks: [],
  });
  await api.post(`/api/promotions/${promotion.id}/submit`);
  const { jobId } = await api.post<{ jobId: string }>(`/api/promotions/${promotion.id}/approve`);
  const { items } = await api.get<{ items: { id: string; name: string }[] }>(`/api/projects/${projectId}/datasets`);
  return { projectId, notebookId, jobId, datasetId: items.find((each) => each.name === 'daily_total')?.id ?? '' };
}

const daily = `SELECT CAST(seen_at AS DATE) AS day, sum(v) AS total, count(*) AS n
FROM facts WHERE seen_at >= {{window_start}} AND seen_at < {{window_end}} GROUP BY 1`;

const perDay = 500;

async function upload(projectId: string): Promise<void> {
  const rows = Array.from({ length: days * perDay }, (_, i) => `${dayOf(Math.floor(i / perDay))} 12:00:00,${i}`);
  const answer = await fetch(`${product.url}/api/projects/${projectId}/datasets/facts`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'text/csv' },
    body: `seen_at,v\n${rows.join('\n')}\n`,
  });
  if (!answer.ok) throw new Error(`the upload was refused: ${await answer.text()}`);
}

function dayOf(n: number): string {
  return new Date(Date.UTC(2026, 9, 1 + n)).toISOString().slice(0, 10);
}

/** The same answer, computed without Lodestar: the sum of `perDay` consecutive numbers. */
function answerFor(day: string): string[] {
  const first = ((Date.parse(day) - Date.UTC(2026, 9, 1)) / 86_400_000) * perDay;
  return [day, String(perDay * first + (perDay * (perDay - 1)) / 2), String(perDay)];
}

async function settled(jobId: string): Promise<void> {
  await until(
    async () => {
      const { items } = await api.get<{ items: Run[] }>(`/api/jobs/${jobId}/runs?limit=200`);
      return items.every((run) => !['queued', 'running'].includes(run.state));
    },
    'every run came to an end',
    120_000,
  );
}

async function answers(projectId: string, datasetId: string): Promise<string[][]> {
  expect(datasetId).not.toBe('');
  const { rows } = await api.post<{ rows: (string | number)[][] }>(`/api/projects/${projectId}/query`, {
    sql: 'SELECT CAST(day AS VARCHAR) AS day, CAST(total AS VARCHAR) AS total, CAST(n AS VARCHAR) AS n FROM daily_total ORDER BY 1',
  });
  return rows.map((row) => row.map(String));
}
