import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { request } from 'undici';
import { makeCertificate, type Certificate } from '#lib/testing/certificate.ts';
import { startSecureCoordinator } from '#lib/testing/coordinator.ts';
import { readExceptions } from './address.ts';
import { AddressRefused, makeOutbound, type Lookup } from './agent.ts';

const heard: IncomingMessage[] = [];
const server = createServer((incoming, reply) => {
  heard.push(incoming);
  if (incoming.url === '/away') reply.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
  else reply.end('hello');
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const answering =
  (...addresses: string[]): Lookup =>
  (_host, _options, answer) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

async function refused(url: string, setting: string, lookup?: Lookup): Promise<unknown> {
  const dispatcher = makeOutbound({ exceptions: readExceptions(setting), ...(lookup ? { lookup } : {}) });
  try {
    return await request(url, { dispatcher }).then(
      ({ statusCode }) => statusCode,
      (error: unknown) => error,
    );
  } finally {
    await dispatcher.destroy();
  }
}

test.each([
  'http://127.0.0.1:PORT/',
  'http://[::1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://0x7f.1:PORT/',
  'http://2130706433:PORT/',
  'http://0.0.0.0:PORT/',
  'http://localhost:PORT/',
])('%s is refused and never called', async (url) => {
  const before = heard.length;
  expect(await refused(url.replace('PORT', String(port)), '')).toBeInstanceOf(AddressRefused);
  expect(heard.length).toBe(before);
});

test('what an operator allows is called, with its own name as the host', async () => {
  expect(await refused(`http://trino.internal:${port}/`, 'trino.internal', answering('127.0.0.1'))).toBe(200);
  expect(heard.at(-1)!.headers.host).toBe(`trino.internal:${port}`);
});

test('one forbidden address among good ones is enough to refuse', async () => {
  const error = await refused(`http://a.example:${port}/`, '127.0.0.0/8', answering('127.0.0.1', '169.254.169.254'));
  expect(error).toBeInstanceOf(AddressRefused);
  expect((error as Error).message).toContain("a cloud's metadata address");
});

test('a name that answers otherwise the second time is asked once and connected by the checked answer', async () => {
  let asked = 0;
  const rebinding: Lookup = (host, options, answer) =>
    answering(asked++ === 0 ? '127.0.0.1' : '169.254.169.254')(host, options, answer);
  expect(await refused(`http://a.example:${port}/`, '127.0.0.1', rebinding)).toBe(200);
  expect(asked).toBe(1);
});

test('a redirect is shown and not followed', async () => {
  expect(await refused(`http://127.0.0.1:${port}/away`, 'true')).toBe(302);
});

test('an authority of one’s own is trusted beside the usual ones, and nobody else is', async () => {
  const signed = ['Ours', 'The usual', 'Nobody'].map((organization) => makeCertificate({ organization }));
  const [own, usual] = signed as [Certificate, Certificate];
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, usual.cert]);
  const servers = await Promise.all(signed.map((each) => startSecureCoordinator(each, (reply) => reply.end('hello'))));
  const dispatcher = makeOutbound({ exceptions: readExceptions('true'), authority: own.cert });
  try {
    const ask = ({ url }: { url: string }) =>
      request(url, { dispatcher }).then(
        ({ statusCode }) => statusCode,
        (error: Error & { code?: string }) => error.code,
      );
    expect(await Promise.all(servers.map(ask))).toEqual([200, 200, 'DEPTH_ZERO_SELF_SIGNED_CERT']);
  } finally {
    setDefaultCACertificates(before);
    await dispatcher.destroy();
    await Promise.all(servers.map((server) => server.close()));
  }
});

test('an authority that is none fails where it is called, not where it is given', async () => {
  const dispatcher = makeOutbound({
    exceptions: readExceptions('true'),
    authority: '-----BEGIN CERTIFICATE-----\nhello\n-----END CERTIFICATE-----',
  });
  await expect(request(`https://127.0.0.1:${port}/`, { dispatcher })).rejects.toThrow();
  await dispatcher.destroy();
});
