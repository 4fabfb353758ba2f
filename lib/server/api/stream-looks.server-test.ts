import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '#lib/server/access.ts';
import type { StreamRates } from '#lib/stream/view.ts';
import { createStreams } from '#lib/server/streams/create.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, testUrl, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeProject } from '#lib/testing/people.ts';

/* The looks at a stream that the page lives on: its last minutes as rows, its last hour by minutes, its readers. */
let lodestar: TestLodestar;
let now = Date.parse('2026-11-21T10:00:00Z');
let lead: Actor;
let stranger: Actor;
let id: string;

beforeAll(async () => {
  lodestar = await startLodestar({
    now: () => new Date(now),
    warehouse: (world) => createWarehouse(world),
    streams: (world) => createStreams({ ...world, warehouse: () => lodestar.warehouse }),
  });
  [lead, stranger] = await Promise.all([makeActor({ name: 'lead' }), makeActor({ name: 'stranger' })]);
  const project = (await makeProject(lead)).id;
  const spec = { name: 'visits', eventTime: 'time', key: 'id' };
  id = ((await (await call('POST', `/api/projects/${project}/streams`, { body: spec })).json()) as { id: string }).id;
});
afterAll(() => lodestar.close());

interface Given {
  as?: Actor;
  body?: unknown;
  accept?: string;
}

async function call(method: string, path: string, { as = lead, body, accept = 'application/json' }: Given = {}) {
  const headers = { ...(await bearerHeaders(as)), accept, 'content-type': 'application/json' };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  return lodestar.api(new Request(testUrl + path, init));
}

async function json<T>(path: string): Promise<T> {
  return (await (await call('GET', path)).json()) as T;
}

/** Events that happened so many seconds ago. */
async function push(...ago: number[]): Promise<void> {
  const events = ago.map((seconds) => ({
    id: crypto.randomUUID(),
    time: new Date(now - seconds * 1000).toISOString(),
    page: '/',
  }));
  expect((await call('POST', `/api/streams/${id}/events`, { body: events })).status).toBe(200);
}

interface Rows {
  columns: { name: string }[];
  rows: unknown[][];
  complete: boolean;
}

describe('a stream that is looked at', () => {
  test('before its first event there are no rows and an hour of nothing', async () => {
    const { minutes } = await json<StreamRates>(`/api/streams/${id}/rates`);
    expect(minutes).toHaveLength(60);
    expect(minutes.every(({ events, behind, late }) => events === 0 && behind === null && late === null)).toBe(true);
    expect(await json(`/api/streams/${id}/readers`)).toEqual({ items: [] });
    expect(await json<Rows>(`/api/streams/${id}/rows`)).toMatchObject({ rows: [], complete: true });
  });

  test('its minutes count what came, and go on counting', async () => {
    await push(0, 1, 2);
    now += 60_000;
    await push(5);
    const before = await json<StreamRates>(`/api/streams/${id}/rates`);
    expect(before.minutes.slice(-2)).toEqual([
      { minute: '2026-11-21T10:00:00.000Z', events: 3, behind: 0, late: null },
      { minute: '2026-11-21T10:01:00.000Z', events: 1, behind: 5, late: null },
    ]);
    await push(0, 0);
    expect((await json<StreamRates>(`/api/streams/${id}/rates`)).minutes.at(-1)).toMatchObject({
      events: 3,
      behind: 5,
    });
  });

  test('its last minutes are rows, the newest first, and say when there are more', async () => {
    now += 14 * 60_000;
    await push(0);
    const all = await json<Rows>(`/api/streams/${id}/rows?minutes=15`);
    expect(offsets(all)).toEqual(['6', '5', '4', '3', '2', '1', '0']);
    now += 30_000;
    const later = await json<Rows>(`/api/streams/${id}/rows?minutes=15`);
    expect(offsets(later)).toEqual(['6', '5', '4', '3']);
    expect(later.complete).toBe(true);
    const few = await json<Rows>(`/api/streams/${id}/rows?minutes=15&limit=2`);
    expect([offsets(few), few.complete]).toEqual([['6', '5'], false]);
    expect(offsets(await json<Rows>(`/api/streams/${id}/rows?minutes=15&from=6`))).toEqual(['6']);
  });

  test('its last minutes are read from their first event on, not from the beginning of the log', async () => {
    const slice = vi.spyOn(lodestar.streams, 'slice');
    const starts = async (query: string) => {
      slice.mockClear();
      const rows = offsets(await json<Rows>(`/api/streams/${id}/rows?${query}`));
      expect(slice).toHaveBeenCalledOnce();
      return [slice.mock.calls[0]![1].from, rows];
    };
    expect(await starts('minutes=15')).toEqual([3, ['6', '5', '4', '3']]);
    expect(await starts('minutes=15&from=5')).toEqual([5, ['6', '5']]);
    expect(await starts('minutes=1')).toEqual([6, ['6']]);
    now += 3_600_000;
    expect(await starts('minutes=15')).toEqual([7, []]);
    expect(await starts('minutes=15&from=100')).toEqual([100, []]);
    now -= 3_600_000;
    slice.mockRestore();
  });

  test('as Arrow they are exact and typed', async () => {
    const answer = await call('GET', `/api/streams/${id}/rows?minutes=60`, {
      accept: 'application/vnd.apache.arrow.stream',
    });
    const table = tableFromIPC(new Uint8Array(await answer.arrayBuffer()));
    expect(table.numRows).toBe(7);
    expect(table.schema.fields.map((field) => `${field.name} ${field.type}`)).toContain('_offset Int64');
  });

  test('a stranger cannot tell it from none', async () => {
    for (const look of ['rows', 'rates', 'readers'])
      expect((await call('GET', `/api/streams/${id}/${look}`, { as: stranger })).status).toBe(404);
  });
});

function offsets({ columns, rows }: Rows): string[] {
  const at = columns.findIndex(({ name }) => name === '_offset');
  return rows.map((row) => String(row[at]));
}
