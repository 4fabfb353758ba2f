import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '#lib/notebook/id.ts';
import type { Actor } from '#lib/server/access.ts';
import { changesLimits, endChanges } from '#lib/server/data/changes.ts';
import { ringPublished } from '#lib/server/warehouse/published.ts';
import { listen, type Web } from '#lib/server/web/server.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeMember, makeProject, pageHeaders } from '#lib/testing/people.ts';
import { linePace } from './changes.ts';

/** Over real HTTP, through the server that stands before Next. */

let lodestar: TestLodestar;
let web: Web;
let owner: Actor;
let project: string;
const usual = { ...linePace };
const usualLook = changesLimits.every;
const open: { close(): void }[] = [];

beforeAll(async () => {
  lodestar = await startLodestar({ config: { PORT: '0' } });
  web = await listen(lodestar, { handle: async (_, response) => void response.end() });
  owner = await makeActor({ name: 'Ada' });
  project = (await makeProject(owner)).id;
});
afterEach(() => {
  for (const each of open.splice(0)) each.close();
  Object.assign(linePace, usual);
  changesLimits.every = usualLook;
});
afterAll(async () => {
  await web.close();
  await lodestar.close();
});

interface Line {
  status: number;
  type: string;
  retryAfter: string | null;
  text: string;
  told: { datasetId: string; name: string; version: number }[];
  isOver: boolean;
  close(): void;
}

/** Resolves when the answer has begun. */
async function openLine(headers: Record<string, string>, projectId = project): Promise<Line> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({
      host: '127.0.0.1',
      port: web.port,
      path: `/api/projects/${projectId}/changes`,
      headers,
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      const line: Line = {
        status: response.statusCode ?? 0,
        type: response.headers['content-type'] ?? '',
        retryAfter: response.headers['retry-after'] ?? null,
        text: '',
        told: [],
        isOver: false,
        close: () => asked.destroy(),
      };
      asked.removeAllListeners('error').on('error', () => undefined);
      response.on('error', () => undefined).once('close', () => (line.isOver = true));
      response.on('data', (bytes: Buffer) => {
        line.text += bytes.toString();
        line.told = [...line.text.matchAll(/^data: (.*)$/gm)].map(
          ([, data]) => JSON.parse(data!) as Line['told'][number],
        );
      });
      open.push(line);
      resolve(line);
    });
    asked.end();
  });
}

async function publish(name: string, projectId = project): Promise<string> {
  const { db } = lodestar;
  const found = await db.dataset.findFirst({ where: { projectId, name } });
  const { id } = found ?? (await db.dataset.create({ data: { id: newId(), projectId, name, kind: 'job' } }));
  await db.dataset.update({ where: { id }, data: { version: { increment: 1 } } });
  return id;
}

const waitFor = (check: () => boolean) => vi.waitUntil(check, { timeout: 20_000, interval: 20 });

describe('GET /api/projects/{id}/changes', () => {
  it('tells everyone who listens what is published from then on, in order, and nothing from before', async () => {
    await publish('before');
    const [page, script] = [await openLine(await pageHeaders(owner)), await openLine(await bearerHeaders(owner))];
    expect(page).toMatchObject({ status: 200, type: 'text/event-stream' });
    const id = await publish('sales');
    await waitFor(() => page.told.length === 1 && script.told.length === 1);
    expect(page.told).toEqual([{ datasetId: id, name: 'sales', version: 1 }]);
    await publish('sales');
    await waitFor(() => page.told.length === 2 && script.told.length === 2);
    expect(script.told.at(-1)).toEqual({ datasetId: id, name: 'sales', version: 2 });
  });

  it('tells at once what this process publishes, however seldom it looks otherwise', async () => {
    changesLimits.every = 3_600_000;
    const line = await openLine(await bearerHeaders(owner));
    for (const version of [1, 2, 3]) {
      await publish('at_once');
      ringPublished();
      await waitFor(() => line.told.at(-1)?.version === version);
    }
  });

  it('tells nothing of another project, and is not there for a stranger or nobody', async () => {
    const other = (await makeProject(owner)).id;
    const line = await openLine(await bearerHeaders(owner));
    await publish('elsewhere', other);
    await publish('here');
    await waitFor(() => line.told.length > 0);
    expect(line.told.map(({ name }) => name)).toEqual(['here']);
    expect(await openLine(await bearerHeaders(await makeActor()))).toMatchObject({ status: 404 });
    expect(await openLine({})).toMatchObject({ status: 401 });
  });

  it('says now and then that it lives', async () => {
    linePace.comment = 5;
    const line = await openLine(await bearerHeaders(owner));
    await waitFor(() => line.text.split(': still here').length > 3);
    expect(line.told).toEqual([]);
  });

  it('ends when the session is ended', async () => {
    Object.assign(linePace, { comment: 5, check: 10 });
    const eve = await makeActor({ name: 'Eve' });
    await makeMember(project, eve, 'reader');
    const line = await openLine(await pageHeaders(eve));
    await waitFor(() => line.text.includes('still here'));
    expect(line.isOver).toBe(false);
    await lodestar.db.session.update({ where: { id: eve.via.id }, data: { endedAt: lodestar.now() } });
    await waitFor(() => line.isOver);
  });

  it('ends when the right is lost', async () => {
    Object.assign(linePace, { comment: 5, check: 10 });
    const eve = await makeActor({ name: 'Eve' });
    await makeMember(project, eve, 'reader');
    const line = await openLine(await bearerHeaders(eve));
    await waitFor(() => line.text.includes('still here'));
    await lodestar.db.member.deleteMany({ where: { projectId: project, userId: eve.userId } });
    await waitFor(() => line.isOver);
  });

  it('is given so many times to a person; who goes makes room', async () => {
    const zoe = await makeActor({ name: 'Zoe' });
    await makeMember(project, zoe, 'reader');
    const headers = await bearerHeaders(zoe);
    const lines = await Promise.all(Array.from({ length: changesLimits.perPerson }, () => openLine(headers)));
    expect(lines.every(({ status }) => status === 200)).toBe(true);
    expect(await openLine(headers)).toMatchObject({ status: 429, retryAfter: '30' });
    expect((await openLine(await bearerHeaders(owner))).status).toBe(200);
    lines[0]!.close();
    await vi.waitUntil(async () => (await openLine(headers)).status === 200, { timeout: 20_000, interval: 50 });
  });

  it('that breaks off, as it cannot be asked who listens, makes room too', async () => {
    Object.assign(linePace, { comment: 5, check: 5 });
    const kim = await makeActor({ name: 'Kim' });
    await makeMember(project, kim, 'reader');
    const headers = await bearerHeaders(kim);
    const lines = await Promise.all(Array.from({ length: changesLimits.perPerson }, () => openLine(headers)));
    await waitFor(() => lines.every(({ text }) => text !== ''));
    const away = vi.spyOn(lodestar.db.session, 'findUnique').mockRejectedValue(new Error('the database is away'));
    await waitFor(() => lines.every(({ isOver }) => isOver));
    away.mockRestore();
    Object.assign(linePace, usual);
    expect((await openLine(headers)).status).toBe(200);
  });

  it('ends when the server stops, so that nobody has to wait for it', async () => {
    const line = await openLine(await bearerHeaders(owner));
    endChanges();
    await waitFor(() => line.isOver);
    const next = await openLine(await bearerHeaders(owner));
    await publish('after');
    await waitFor(() => next.told.length > 0);
  });

  it('is not kept open by a HEAD', async () => {
    const zed = await makeActor({ name: 'Zed' });
    await makeMember(project, zed, 'reader');
    const headers = await bearerHeaders(zed);
    const url = `http://lodestar.test/api/projects/${project}/changes`;
    for (let time = 0; time <= changesLimits.perPerson; time += 1)
      expect((await lodestar.api(new Request(url, { method: 'HEAD', headers }))).status).toBe(200);
  });
});
