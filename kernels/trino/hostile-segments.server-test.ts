import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sendJson, type Coordinator } from '#lib/testing/coordinator.ts';
import { columns, coordinator, last, run, secret } from '#lib/testing/hostile.ts';
import { until } from '#lib/testing/until.ts';

/* SECURITY 12. Segments of spooled answers: from where, with what, and what becomes of those that are none. */

function expectNothingTold(other: Coordinator): void {
  for (const { headers } of other.heard) {
    expect(headers.authorization).toBeUndefined();
    expect(Object.keys(headers).filter((name) => name.startsWith('x-trino'))).toEqual([]);
  }
}

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
