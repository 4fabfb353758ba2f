import { rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, testUrl, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeProject } from '#lib/testing/people.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import { createStreams } from './create.ts';

let lodestar: TestLodestar;
beforeAll(async () => {
  lodestar = await startLodestar({
    warehouse: (world) => createWarehouse(world),
    streams: (world) =>
      createStreams({ ...world, warehouse: () => lodestar.warehouse }, { writer: { segmentRows: 2 } }),
  });
});
afterAll(() => lodestar.close());

test('of a file that is broken or gone a query says which, and not where this server keeps its data', async () => {
  const owner = await makeActor();
  const project = (await makeProject(owner)).id;
  const id = await makeStreamRow(project, { name: 'visits' });
  const time = '2026-11-21T09:00:00Z';
  await lodestar.streams.append(
    id,
    batchOf([
      { time, id: 1 },
      { time, id: 2 },
    ]),
    100,
  );
  const sealed = () => lodestar.db.segment.findFirst({ where: { streamId: id, state: 'sealed' } });
  const { file } = (await vi.waitUntil(sealed, { timeout: 30_000 }))!;
  const path = `${lodestar.config.DATA_DIR}/streams/${id}/${file}`;
  const headers = { ...(await bearerHeaders(owner)), 'content-type': 'application/json' };
  const asked = async (): Promise<string> => {
    const body = JSON.stringify({ sql: 'SELECT count(*) FROM visits' });
    const request = new Request(`${testUrl}/api/projects/${project}/query`, { method: 'POST', headers, body });
    return (await lodestar.api(request)).text();
  };
  const told: string[] = [];
  await writeFile(path, 'this is no Parquet at all');
  told.push(await asked());
  await rm(path);
  told.push(await asked());
  for (const words of told) {
    expect(words).toContain(file);
    expect(words).not.toContain(lodestar.config.DATA_DIR);
    expect(words).not.toContain('/streams/');
  }
});
