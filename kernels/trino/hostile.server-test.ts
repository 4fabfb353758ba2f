import { describe, expect, test } from 'vitest';
import { sendJson, type Step } from '#lib/testing/coordinator.ts';
import { columns, coordinator, last, one, run, secret } from '#lib/testing/hostile.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import { until } from '#lib/testing/until.ts';
import { ask } from './ask.ts';

/* SECURITY 12. A coordinator that leads elsewhere is not followed, and one that is honest is understood. */

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
