import { describe, expect, test } from 'vitest';
import { gather, numbers } from '#kernels/contract.ts';
import { encodeEvents, eventsMediaType } from '#kernels/events.ts';
import { decodeFrames } from '#kernels/frame.ts';
import type { KernelEvent, Relation } from '#kernels/kernel.ts';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { broughtKinds, maxBroughtBytes, remoteTrino, remoteWarehouse } from './remote.ts';

const done: KernelEvent = { type: 'done', rows: 0, complete: true, asOf: '2026-11-21T00:00:00Z', took: 1 };
const code = { name: 'cell', source: 'SELECT {{p}}' };
const parameters = { p: { type: 'number' as const, value: 1 } };

function remote(fetch: typeof globalThis.fetch) {
  return remoteWarehouse({ projectId: 'shop', fetch, reads: () => Promise.resolve([]) });
}

function answering(events: KernelEvent[]): { requests: Request[]; fetch: typeof globalThis.fetch } {
  const requests: Request[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    requests.push(new Request(new URL(String(input), 'http://lodestar.test'), init));
    const parts = encodeEvents(
      (async function* () {
        yield* events;
      })(),
    );
    return new Response(parts as unknown as BodyInit, { headers: { 'content-type': eventsMediaType } });
  };
  return { requests, fetch: fetch as typeof globalThis.fetch };
}

const sent = (ipc: Uint8Array): Relation => ({
  kind: 'arrow',
  hash: '',
  complete: true,
  ipc: () => Promise.resolve(ipc),
});

describe('the warehouse over HTTP', () => {
  test('a query without own tables goes as JSON', async () => {
    const { requests, fetch } = answering([done]);
    const ran = await gather(remote(fetch), code, { parameters, relations: {} }, { limit: 5 });
    expect(ran.done).toEqual(done);
    expect(new URL(requests[0]!.url).pathname).toBe('/api/projects/shop/query');
    expect(requests[0]!.headers.get('accept')).toBe(eventsMediaType);
    expect(await requests[0]!.json()).toEqual({ sql: code.source, parameters, limit: 5 });
  });

  test('rows of the page go along as frames', async () => {
    const { requests, fetch } = answering([done]);
    await gather(remote(fetch), code, { parameters, relations: { mine: sent(tableToIPC(numbers(3))) } });
    expect(new URL(requests[0]!.url).pathname).toBe('/api/projects/shop/query/with-tables');
    const frames: { kind: number; payload: Uint8Array }[] = [];
    for await (const frame of decodeFrames(requests[0]!.body as unknown as AsyncIterable<Uint8Array>))
      frames.push(frame);
    expect(JSON.parse(new TextDecoder().decode(frames[0]!.payload))).toMatchObject({
      sql: code.source,
      tables: ['mine'],
    });
    expect(frames[1]!.kind).toBe(broughtKinds.table);
    expect(tableFromIPC(frames[1]!.payload).numRows).toBe(3);
  });

  test('too many rows of the page are refused before they are sent', async () => {
    const { requests, fetch } = answering([done]);
    const big = sent(new Uint8Array(maxBroughtBytes + 1));
    const { error } = await gather(remote(fetch), code, { parameters, relations: { big } });
    expect(error).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('browser') });
    expect(requests).toEqual([]);
  });

  test('a problem of the server is a failure with its sentence', async () => {
    const problem = { code: 'not-found', detail: 'There is no such project.' };
    const fetch = () => Promise.resolve(Response.json(problem, { status: 404 }));
    const { error } = await gather(remote(fetch as typeof globalThis.fetch), code, { parameters, relations: {} });
    expect(error).toMatchObject({ code: 'refused', message: problem.detail });
  });

  test('a server that cannot be reached is `lost`', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    const { error } = await gather(remote(fetch as typeof globalThis.fetch), code, { parameters, relations: {} });
    expect(error!.code).toBe('lost');
  });

  test('stop and the clock end the request and say which it was', async () => {
    const stop = new AbortController();
    const running = gather(remote(hanging()), code, { parameters, relations: {} }, { signal: stop.signal });
    stop.abort();
    expect((await running).error!.code).toBe('cancelled');
    const late = gather(remote(hanging()), code, { parameters, relations: {} }, { timeout: 5 });
    expect((await late).error!.code).toBe('timeout');
  });

  test('closing ends what runs', async () => {
    const ended: unknown[] = [];
    const kernel = remote(hanging((reason) => ended.push(reason)));
    const running = gather(kernel, code, { parameters, relations: {} });
    await kernel.close();
    expect((await running).error).not.toBeNull();
    expect(ended).toHaveLength(1);
  });
});

describe('Trino over HTTP', () => {
  const about = { connection: 'lake', notebook: 'n1', cell: 'c1', fresh: false };
  const trino = (fetch: typeof globalThis.fetch) =>
    remoteTrino({ projectId: 'shop', fetch, reads: () => Promise.resolve([]) }, about);

  test('says which connection it runs on, and for which cell', async () => {
    const { requests, fetch } = answering([done]);
    await gather(trino(fetch), code, { parameters, relations: {} });
    expect(await requests[0]!.json()).toEqual({ sql: code.source, parameters, engine: 'trino', ...about });
  });

  test('texts of other cells go along as texts, in their order', async () => {
    const { requests, fetch } = answering([done]);
    const text = (sql: string): Relation => ({ kind: 'query', hash: sql, complete: true, sql });
    const relations = { zeta: text('SELECT 1 AS a'), alpha: text('SELECT a FROM zeta') };
    await gather(trino(fetch), code, { parameters, relations });
    const { queries } = (await requests[0]!.json()) as { queries: Record<string, string> };
    expect(Object.entries(queries)).toEqual([
      ['zeta', 'SELECT 1 AS a'],
      ['alpha', 'SELECT a FROM zeta'],
    ]);
  });

  test('rows of the page go along as frames beside the texts', async () => {
    const { requests, fetch } = answering([done]);
    const relations: Record<string, Relation> = {
      mine: sent(tableToIPC(numbers(3))),
      base: { kind: 'query', hash: '', complete: true, sql: 'SELECT 1' },
    };
    await gather(trino(fetch), code, { parameters, relations });
    expect(new URL(requests[0]!.url).pathname).toBe('/api/projects/shop/query/with-tables');
    for await (const frame of decodeFrames(requests[0]!.body as unknown as AsyncIterable<Uint8Array>)) {
      expect(JSON.parse(new TextDecoder().decode(frame.payload))).toMatchObject({
        connection: 'lake',
        queries: { base: 'SELECT 1' },
        tables: ['mine'],
      });
      break;
    }
  });
});

/** Never answers; rejects when it is aborted, as fetch does. */
function hanging(onEnd: (reason: unknown) => void = () => undefined): typeof globalThis.fetch {
  const fetch = (_: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((_, reject) => {
      const end = () => {
        onEnd(signal.reason);
        reject(signal.reason as Error);
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
    });
  return fetch as unknown as typeof globalThis.fetch;
}
