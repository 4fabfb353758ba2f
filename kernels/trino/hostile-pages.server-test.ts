import { describe, expect, test } from 'vitest';
import { sendJson, type Step } from '#lib/testing/coordinator.ts';
import { columns, coordinator, last, one, run } from '#lib/testing/hostile.ts';

/* SECURITY 12. Pages that are broken end the run in words. */

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
