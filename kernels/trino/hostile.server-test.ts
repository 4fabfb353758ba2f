import { zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { gather, type Ran } from '#kernels/contract.ts';
import { sendJson, startCoordinator, type Coordinator, type Step } from '#lib/testing/coordinator.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import { until } from '#lib/testing/until.ts';
import { ask } from './ask.ts';
import { TrinoKernel } from './kernel.ts';
import { usualPatience, type Patience } from './retry.ts';
import type { TrinoRunOptions } from './target.ts';

/*
 * SECURITY 12. A coordinator that lies, stalls and breaks: each time the run ends in words or goes on rightly, and what
 * signs us in is never told to anyone but the address that was configured.
 */

const secret = 'Basic c2VydmljZTpodW50ZXIy';
const patience: Patience = {
  ...usualPatience,
  silence: 300,
  total: 1_500,
  firstWait: 10,
  longestWait: 100,
  pageBytes: 1 << 20,
};

const open: Coordinator[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function coordinator(...steps: Step[]): Promise<Coordinator> {
  const started = await startCoordinator(...steps);
  open.push(started);
  return started;
}

async function run(url: string, options: Partial<TrinoRunOptions> = {}): Promise<Ran> {
  const kernel = new TrinoKernel(makeTarget({ url, authorization: secret, session: { a: 'b' } }), { patience });
  try {
    return await gather(
      kernel,
      { name: 'cell', source: 'SELECT a FROM t' },
      { parameters: {}, relations: {} },
      options,
    );
  } finally {
    await kernel.close();
  }
}

const columns = [{ name: 'a', type: 'bigint' }];
const one: Step = (reply, page) => sendJson(reply, page(true));
const last =
  (given: Record<string, unknown> = { columns, data: [[1], [2]] }): Step =>
  (reply, page) =>
    sendJson(reply, page(false, given));

function expectNothingTold(other: Coordinator): void {
  for (const { headers } of other.heard) {
    expect(headers.authorization).toBeUndefined();
    expect(Object.keys(headers).filter((name) => name.startsWith('x-trino'))).toEqual([]);
  }
}

test('an honest coordinator is understood, and told who asks', async () => {
  const honest = await coordinator(one, one, last());
  const { rows, done } = await run(honest.url);
  expect(rows).toEqual([{ a: 1n }, { a: 2n }]);
  expect(done).toMatchObject({ rows: 2, complete: true });
  for (const { headers } of honest.heard)
    expect(headers).toMatchObject({ authorization: secret, 'x-trino-user': 'tester' });
  await until(() => honest.heard.some(({ body }) => body === 'ROLLBACK'), 'the transaction is ended');
});

describe('elsewhere', () => {
  test('a foreign nextUri is not called', async () => {
    const foreign = await coordinator(last());
    const { error } = await run(
      (
        await coordinator((reply, page) =>
          sendJson(reply, page(true, { nextUri: `${foreign.url}/v1/statement/executing/q/s/1` })),
        )
      ).url,
    );
    expect(error).toMatchObject({ code: 'refused' });
    expect(error!.message).toContain(foreign.url);
    expect(foreign.heard).toEqual([]);
  });

  test.each([
    'http://user:pass@HOST/v1/statement/queued/q/s/1',
    '//169.254.169.254/latest',
    'file:///etc/passwd',
    'not an address',
    'https://HOST/v1/x',
  ])('nextUri %s is not called', async (nextUri) => {
    const lying = await coordinator((reply, page, { headers }) =>
      sendJson(reply, page(true, { nextUri: nextUri.replace('HOST', headers.host!) })),
    );
    expect((await run(lying.url)).error?.code).toBe('refused');
    expect(lying.of('GET')).toEqual([]);
    // What runs there is ended by its id instead.
    await until(() => lying.of('DELETE').every(({ url }) => url.startsWith('/v1/query/')), 'only the id is used');
  });

  test('a nextUri of http:// from behind a proxy says what to set', async () => {
    const { fromForeign } = await import('./unreachable.ts');
    const { hint } = fromForeign(
      'http://trino.example:8443/v1/statement/queued/a',
      new URL('https://trino.example:8443'),
    );
    expect(hint).toContain('http-server.process-forwarded=true');
  });

  test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
    const foreign = await coordinator(last());
    for (const to of [foreign.url, 'http://169.254.169.254/latest/meta-data']) {
      const away: Step = (reply) => reply.writeHead(status, { location: to }).end();
      expect((await run((await coordinator(away)).url)).error).toMatchObject({ code: 'refused' });
      expect((await run((await coordinator(one, away)).url)).error).toMatchObject({ code: 'refused' });
    }
    expect(foreign.heard).toEqual([]);
  });

  test('headers that would change who we are change nothing', async () => {
    const set = {
      'x-trino-set-authorization-user': 'root',
      'x-trino-set-role': 'system=ROLE{admin}',
      'x-trino-set-session': 'query_max_run_time=9d',
      'x-trino-set-catalog': 'evil',
      'x-trino-set-schema': 'evil',
      'x-trino-set-path': 'evil',
      'x-trino-added-prepare': 'x=SELECT+1',
      'x-trino-started-transaction-id': 'theirs',
      'x-trino-clear-transaction-id': 'true',
    };
    const lying = await coordinator((reply, page) => sendJson(reply, page(true), set), last());
    const target = makeTarget({ url: lying.url, authorization: secret });
    await ask(target, 'SELECT 1');
    await ask(target, 'SELECT 1');
    for (const { headers, method } of lying.heard) {
      expect(headers['x-trino-user']).toBe('tester');
      expect(headers['x-trino-role']).toBeUndefined();
      expect(headers['x-trino-session']).toBeUndefined();
      expect(headers['x-trino-prepared-statement']).toBeUndefined();
      expect(['NONE', 'tx-1', undefined]).toContain(headers['x-trino-transaction-id']);
      if (method === 'POST') expect(headers['x-trino-catalog']).toBe('tpch');
    }
  });

  test('a link to the query is shown only when it is one of the web', async () => {
    const lying = await coordinator(last({ columns, data: [[1]], infoUri: 'javascript:alert(1)' }));
    expect((await run(lying.url)).done!.cluster!.link).toBe('');
  });
});

describe('segments', () => {
  const rows = Buffer.from('[[1],[2]]');
  const segmentAt = (uri: string, given: Record<string, unknown> = {}) => ({
    type: 'spooled',
    uri,
    ackUri: `${uri}/ack`,
    headers: { 'x-key': ['for the segment'] },
    metadata: { rowOffset: 0, rowsCount: 2, segmentSize: rows.length },
    ...given,
  });
  const spooled = (encoding: string, segments: unknown[]) => last({ columns, data: { encoding, segments } });

  test('on a foreign host are read without our credentials, and acknowledged', async () => {
    const store = await coordinator((reply) => reply.end(rows));
    const { rows: read, done } = await run((await coordinator(spooled('json', [segmentAt(`${store.url}/a`)]))).url);
    expect(read).toEqual([{ a: 1n }, { a: 2n }]);
    expect(done).toMatchObject({ rows: 2, complete: true });
    expect(store.heard[0]!.headers['x-key']).toBe('for the segment');
    await until(() => store.heard.some(({ url }) => url === '/a/ack'), 'the segment is acknowledged');
    expectNothingTold(store);
  });

  test('keep their headers to themselves when somebody else is to be told that they were read', async () => {
    const store = await coordinator((reply) => reply.end(rows));
    const other = await coordinator((reply) => reply.end());
    const segment = segmentAt(`${store.url}/a`, { ackUri: `${other.url}/ack` });
    await run((await coordinator(spooled('json', [segment]))).url);
    await until(() => other.heard.length > 0, 'the segment is acknowledged');
    expect(other.heard[0]!.headers['x-key']).toBeUndefined();
    expectNothingTold(other);
  });

  test('on the coordinator itself are read with them', async () => {
    const whole = await coordinator(
      (reply, page, { headers }) =>
        sendJson(
          reply,
          page(false, { columns, data: { encoding: 'json', segments: [segmentAt(`http://${headers.host}/seg`)] } }),
        ),
      (reply) => reply.end(rows),
    );
    expect((await run(whole.url)).done).toMatchObject({ rows: 2 });
    expect(whole.heard.find(({ url }) => url === '/seg')!.headers.authorization).toBe(secret);
  });

  test('come in order, inline and packed, however late each is', async () => {
    const part = (n: number) => Buffer.from(`[[${n}]]`);
    const store = await coordinator((reply, _page, { url }) => {
      const n = Number(url.slice(1));
      setTimeout(() => reply.end(zstdCompressSync(part(n))), n % 2 === 0 ? 40 : 0);
    });
    const segments = Array.from({ length: 9 }, (_, n) => {
      const metadata = { segmentSize: 20, uncompressedSize: part(n).length };
      if (n === 4) return { type: 'inline', data: zstdCompressSync(part(n)).toString('base64'), metadata };
      return segmentAt(`${store.url}/${n}`, { ackUri: `${store.url}/99`, metadata });
    });
    const { rows: read } = await run((await coordinator(spooled('json+zstd', segments))).url);
    expect(read.map(({ a }) => Number(a))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test.each([403, 404, 410])('that are gone (%i) are said to be', async (status) => {
    const store = await coordinator((reply) => reply.writeHead(status).end());
    const { error } = await run((await coordinator(spooled('json', [segmentAt(`${store.url}/a`)]))).url);
    expect(error).toMatchObject({ code: 'lost' });
    expect(error!.message).toContain('no longer there');
  });

  test('that redirect, bomb, lie or are of an unknown encoding end the run', async () => {
    const away = await coordinator((reply) => reply.writeHead(302, { location: 'http://169.254.169.254/' }).end());
    expect((await run((await coordinator(spooled('json', [segmentAt(`${away.url}/a`)]))).url)).error?.code).toBe(
      'refused',
    );
    const bomb = zstdCompressSync(Buffer.alloc(8 << 20, 32)).toString('base64');
    const inline = { type: 'inline', data: bomb, metadata: { segmentSize: 9, uncompressedSize: 9 } };
    expect((await run((await coordinator(spooled('json+zstd', [inline]))).url)).error?.code).toBe('lost');
    const wrong = { type: 'inline', data: Buffer.from('{"a":1}').toString('base64'), metadata: { segmentSize: 9 } };
    expect((await run((await coordinator(spooled('json', [wrong]))).url)).error?.code).toBe('lost');
    expect((await run((await coordinator(spooled('parquet', []))).url)).error?.code).toBe('unsupported');
    const file = segmentAt('file:///etc/passwd');
    expect((await run((await coordinator(spooled('json', [file]))).url)).error?.code).toBe('unsupported');
  });
});

describe('what is broken', () => {
  test.each([
    ['broken JSON', '{"id": "x", "stats": {'],
    [
      'rows that are none',
      '{"id":"q","infoUri":"","columns":[{"name":"a","type":"bigint"}],"data":[[1],[},"stats":{}}',
    ],
    [
      'a value of another type',
      '{"id":"q","infoUri":"","columns":[{"name":"a","type":"bigint"}],"data":[["x"]],"stats":{}}',
    ],
    ['JSON of something else', '{"hello": "world"}'],
    ['a list', '[1, 2]'],
    ['nothing', ''],
  ])('%s', async (_what, body) => {
    const broken = await coordinator(one, (reply) => reply.setHeader('content-type', 'application/json').end(body));
    expect((await run(broken.url)).error).toMatchObject({ code: 'lost' });
  });

  test('a page of the web instead of Trino', async () => {
    const site = await coordinator((reply) =>
      reply.setHeader('content-type', 'text/html').end('<html><h1>Welcome</h1></html>'),
    );
    const { error } = await run(site.url);
    expect(error!.message).toContain('is not Trino');
    expect(error!.hint).toContain("coordinator's own");
  });

  test('a page that is too large is not read to its end', async () => {
    const whole = await coordinator(one, (reply) => {
      reply.on('error', () => undefined);
      const more = () => {
        while (!reply.destroyed && reply.write(' '.repeat(65_536)));
      };
      reply.on('drain', more);
      more();
    });
    const { error } = await run(whole.url);
    expect(error).toMatchObject({ code: 'refused' });
    expect(error!.message).toContain('one page of more than 1 MB');
  });

  test('columns that change from page to page', async () => {
    const changing = await coordinator(
      (reply, page) => sendJson(reply, page(true, { columns, data: [[1]] })),
      last({ columns: [{ name: 'b', type: 'varchar' }], data: [['x']] }),
    );
    expect((await run(changing.url)).error?.code).toBe('lost');
  });

  test('columns of one name are told apart', async () => {
    const twice = await coordinator(last({ columns: [...columns, ...columns], data: [[1, 2]] }));
    expect(new Set((await run(twice.url)).schema!.names).size).toBe(2);
  });

  test('a body that breaks off is asked for again', async () => {
    const cut: Step = (reply) => {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      reply.write('{"id":');
      setTimeout(() => reply.destroy(), 10);
    };
    expect((await run((await coordinator(one, cut, cut, last())).url)).done).toMatchObject({ rows: 2 });
    expect((await run((await coordinator(one, cut)).url)).error?.code).toBe('lost');
  });

  test('a failure of the query is told as Trino names it', async () => {
    const error = {
      message: "line 1:8: Column 'a' cannot be resolved",
      errorName: 'COLUMN_NOT_FOUND',
      errorType: 'USER_ERROR',
    };
    const { error: told } = await run((await coordinator(last({ error }))).url);
    expect(told).toMatchObject({
      code: 'unknown-name',
      position: { line: 1, column: 8 },
      detail: expect.stringContaining('COLUMN_NOT_FOUND') as unknown,
    });
  });
});

describe('patience', () => {
  const busy =
    (status: number, headers: Record<string, string> = {}): Step =>
    (reply) =>
      reply.writeHead(status, headers).end('<html>try later</html>');

  test.each([429, 502, 503, 504])('a storm of %i that ends is lived through', async (status) => {
    const stormy = await coordinator(busy(status), busy(status), one, busy(status), busy(status), busy(status), last());
    expect((await run(stormy.url)).done).toMatchObject({ rows: 2, complete: true });
  });

  test('one that does not end is given up', async () => {
    const { error } = await run((await coordinator(one, busy(503))).url);
    expect(error).toMatchObject({ code: 'lost' });
    expect(error!.detail).toContain('503');
  });

  test('a wait longer than our patience is not begun', async () => {
    const stormy = await coordinator(one, busy(503, { 'retry-after': '3600' }));
    expect((await run(stormy.url)).error?.code).toBe('lost');
    expect(stormy.of('GET')).toHaveLength(1);
  });

  test('a write is not sent twice where a proxy may have passed it on', async () => {
    const stormy = await coordinator(busy(504), last());
    expect((await run(stormy.url, { access: 'write' })).error?.code).toBe('lost');
    expect(stormy.of('POST')).toHaveLength(1);
    const full = await coordinator(busy(503), last());
    expect((await run(full.url, { access: 'write' })).done).toMatchObject({ rows: 2 });
  });

  test.each([401, 403, 404, 500])('%i is not asked again', async (status) => {
    const firm = await coordinator(busy(status));
    expect((await run(firm.url)).error).toBeDefined();
    expect(firm.of('POST')).toHaveLength(1);
  });

  test('401 tells whether an account is missing or wrong', async () => {
    const firm = await coordinator(busy(401));
    expect((await run(firm.url)).error!.message).toContain('does not accept');
    const nameless = makeTarget({ url: firm.url });
    await expect(ask(nameless, 'SELECT 1')).rejects.toThrow('wants a sign-in');
  });

  test('a coordinator that falls silent, before its headers or after, loses the query', async () => {
    const silent: Step = () => undefined;
    const half: Step = (reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).write('{');
    for (const step of [silent, half]) {
      expect((await run((await coordinator(one, step)).url)).error?.code).toBe('lost');
      expect((await run((await coordinator(one, step, last())).url)).done).toMatchObject({ rows: 2 });
    }
    expect((await run((await coordinator(silent)).url)).error?.code).toBe('lost');
  });

  test('pages without end and without progress are left by the clock, and asked for ever more slowly', async () => {
    const endless = await coordinator(one);
    const { error } = await run(endless.url, { timeout: 1_000 });
    expect(error?.code).toBe('timeout');
    expect(endless.of('GET').length).toBeLessThan(100);
    expect(endless.of('DELETE').length).toBeGreaterThan(0);
  });

  test('Stop ends a run that waits for a silent coordinator', async () => {
    const stop = new AbortController();
    const silent = await coordinator(one, () => stop.abort());
    expect((await run(silent.url, { signal: stop.signal })).error?.code).toBe('cancelled');
    expect(silent.of('DELETE').length).toBeGreaterThan(0);
  });
});

describe('limits', () => {
  const flowing: Step = (reply, page) =>
    sendJson(reply, page(true, { columns, data: [[1], [2], [3]], stats: { state: 'RUNNING', processedBytes: 5000 } }));

  test('rows beyond the limit are cut, and the query is ended', async () => {
    const cluster = await coordinator(one, flowing);
    expect((await run(cluster.url, { limit: 4 })).done).toMatchObject({ rows: 4, complete: false });
    expect(cluster.of('DELETE')).toHaveLength(1);
  });

  test('bytes beyond the limit are cut, and the query is ended', async () => {
    const cluster = await coordinator(one, flowing);
    expect((await run(cluster.url, { resultBytes: 600 })).done).toMatchObject({ complete: false });
    expect(cluster.of('DELETE')).toHaveLength(1);
  });

  test('a query that reads too much is refused and ended', async () => {
    const cluster = await coordinator(one, flowing);
    const { error } = await run(cluster.url, { scanBytes: 4096 });
    expect(error).toMatchObject({ code: 'refused' });
    expect(cluster.of('DELETE')).toHaveLength(1);
  });
});

test('where a query can be stopped is told before its rows are given', async () => {
  const cluster = await coordinator(one, one, last());
  const order: string[] = [];
  const kernel = new TrinoKernel(makeTarget({ url: cluster.url }), { patience });
  const options: TrinoRunOptions = {
    signal: new AbortController().signal,
    onStopAt: async (address) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(address.includes('/queued/') ? 'queued' : 'executing');
    },
  };
  const code = { name: 'cell', source: 'SELECT a FROM t' };
  for await (const event of kernel.run(code, { parameters: {}, relations: {} }, options)) {
    if (event.type === 'batch') order.push('rows');
  }
  expect(order).toEqual(['queued', 'executing', 'rows']);
});
