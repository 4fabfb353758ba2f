import type { DeadLetterView } from '#lib/server/data/stream-dead.ts';
import type { Pushed } from '#lib/server/data/stream-events.ts';
import type { StreamView } from '#lib/server/data/stream-view.ts';
import type { Problem } from '#lib/server/problem.ts';
import { createStreams, type World } from '#lib/server/streams/create.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, testUrl, type TestLodestar } from './lodestar.ts';
import { bearerHeaders, makeActor, makeMember, makeProject } from './people.ts';

/*
 * Streams as scripts use them: a project with an owner, an editor and a reader, and a stranger to it, who call the API. The clock is
 * the test's; segments are small, so that they close within a test.
 */

export interface Given {
  as?: 'owner' | 'editor' | 'reader' | 'stranger';
  body?: BodyInit;
  type?: string;
  key?: string;
  headers?: Record<string, string>;
}

export const time = '2026-11-21T09:00:00Z';
export const line = (event: Record<string, unknown>) => `${JSON.stringify({ time, ...event })}\n`;

export async function startStreamApi() {
  const clock = { now: Date.parse('2026-11-21T10:00:00Z') };
  const openStreams = (world: Omit<World, 'warehouse'>) =>
    createStreams(
      { ...world, warehouse: () => lodestar.warehouse },
      { writer: { segmentRows: 4 }, waiting: { perStream: 20 * 2 ** 20, inAll: 30 * 2 ** 20 } },
    );
  const lodestar: TestLodestar = await startLodestar({
    now: () => new Date(clock.now),
    warehouse: (world) => createWarehouse(world),
    streams: openStreams,
  });
  const [owner, editor, reader, stranger] = await Promise.all(
    ['owner', 'editor', 'reader', 'stranger'].map((name) => makeActor({ name })),
  );
  const project = (await makeProject(owner)).id;
  await makeMember(project, editor!, 'editor');
  await makeMember(project, reader!, 'reader');
  const headersOf = {
    owner: await bearerHeaders(owner!),
    editor: await bearerHeaders(editor!),
    reader: await bearerHeaders(reader!),
    stranger: await bearerHeaders(stranger!),
  };
  let names = 0;

  async function call<T = Record<string, unknown>>(method: string, path: string, given: Given = {}) {
    const headers: Record<string, string> = { ...headersOf[given.as ?? 'editor'], ...given.headers };
    if (given.body !== undefined) headers['content-type'] = given.type ?? 'application/json';
    if (given.key !== undefined) headers['idempotency-key'] = given.key;
    const init = { method, headers, body: given.body, duplex: 'half' } as RequestInit;
    const response = await lodestar.api(new Request(testUrl + path, init));
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : null) as T };
  }

  /** With `time` as event time and `id` as key unless told. */
  function make(given: Record<string, unknown> = {}, as: Given['as'] = 'editor') {
    const body = JSON.stringify({ name: `stream_${++names}`, eventTime: 'time', key: 'id', ...given });
    return call<StreamView & Problem>('POST', `/api/projects/${project}/streams`, { body, as });
  }

  return {
    lodestar,
    project,
    clock,
    call,
    make,
    madeId: async (given?: Record<string, unknown>) => (await make(given)).body.id,
    push: (id: string, body: BodyInit, given: Given = {}) =>
      call<Pushed & Problem>('POST', `/api/streams/${id}/events`, { body, type: 'application/x-ndjson', ...given }),
    view: async (id: string) => (await call<StreamView>('GET', `/api/streams/${id}`, { as: 'reader' })).body,
    read: async (id: string, query = '') =>
      (
        await call<{ items: Record<string, unknown>[]; next: number; end: number }>(
          'GET',
          `/api/streams/${id}/events${query}`,
        )
      ).body,
    dead: async (id: string, query = '') =>
      (await call<{ items: DeadLetterView[]; next: string | null }>('GET', `/api/streams/${id}/dead-letters${query}`))
        .body,
    /** Closes the streams, as an end of the server does, and opens them again. */
    reopen: async () => {
      await lodestar.streams.close();
      lodestar.streams = openStreams(lodestar);
    },
    close: () => lodestar.close(),
  };
}

export type StreamApi = Awaited<ReturnType<typeof startStreamApi>>;
