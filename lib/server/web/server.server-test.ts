import { once } from 'node:events';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { listen, type Pages, type Web } from './server.ts';

let lodestar: TestLodestar;
let web: Web | undefined;
let seen: IncomingHttpHeaders = {};
const pages: Pages = {
  handle: async (request, response) => {
    seen = request.headers;
    if (request.url === '/breaks') throw new Error('on purpose');
    response.end('page');
  },
};
beforeAll(async () => {
  lodestar = await startLodestar();
});
beforeEach(() => {
  lodestar.config.PORT = 0;
});
afterEach(async () => {
  await web?.close();
  web = undefined;
});
afterAll(() => lodestar.close());

async function open(trusting = false): Promise<string> {
  lodestar.config.TRUST_PROXY = trusting;
  web = await listen(lodestar, pages);
  return `http://127.0.0.1:${web.port}`;
}

test('what a client claims of its address, path and policy is overwritten', async () => {
  const url = await open();
  const headers = { 'x-lodestar-address': '1.2.3.4', 'x-forwarded-for': '5.6.7.8', 'x-lodestar-path': '/evil' };
  await fetch(`${url}/signin?x=1`, { headers: { ...headers, 'content-security-policy': "script-src 'nonce-evil'" } });
  expect(seen['x-lodestar-address']).toBe('127.0.0.1');
  expect(seen['x-lodestar-path']).toBe('/signin?x=1');
  expect(seen['content-security-policy']).not.toContain('evil');
});

test('behind a proxy of ours the address it appended counts, not the one the client made up', async () => {
  const url = await open(true);
  await fetch(url, { headers: { 'x-forwarded-for': '1.1.1.1, 9.9.9.9' } });
  expect(seen['x-lodestar-address']).toBe('9.9.9.9');
});

test('a fault in a page is a 500 that tells nothing, and the next answer comes', async () => {
  const url = await open();
  const broken = await fetch(`${url}/breaks`);
  expect([broken.status, await broken.text()]).toEqual([500, expect.not.stringContaining('on purpose') as string]);
  expect(await (await fetch(url)).text()).toBe('page');
});

test('a websocket to anywhere but the rooms is refused', async () => {
  const url = await open();
  const asked = request(`${url}/_next/webpack-hmr`, { headers: { connection: 'Upgrade', upgrade: 'websocket' } }).end();
  const [response] = (await once(asked, 'response')) as [{ statusCode: number }];
  expect(response.statusCode).toBe(404);
});

test('a port in use is said by its error', async () => {
  await open();
  lodestar.config.PORT = web?.port ?? 0;
  await expect(listen(lodestar, pages)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('closing waits for nobody who idles', async () => {
  await open();
  const idle = connect(web?.port ?? 0, '127.0.0.1');
  await once(idle, 'connect');
  idle.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(idle, 'data');
  const gone = once(idle, 'close');
  await web?.close();
  await gone;
});
