import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressHeader } from '#lib/server/auth/address.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { answerApi, isApi } from './api.ts';
import { headersFor } from './headers.ts';
import { pathHeader } from './path.ts';

/*
 * Our own HTTP server before Next: it takes the websockets of /collaboration, tells who is calling from where, and sets
 * the security headers, so that they are on every answer whatever Next decides to serve.
 */

export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Only in development: Next's own websocket, which reloads changed modules. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
}

export interface Web {
  port: number;
  /** Takes no more connections at once; resolves when the answers under way are given and the websockets are gone. */
  close(): Promise<void>;
}

export async function listen(lodestar: Lodestar, pages: Pages): Promise<Web> {
  const server = createServer((request, response) => {
    answer(lodestar, pages, request, response).catch((error: unknown) => fail(lodestar, response, error));
  });
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    upgrade(lodestar, pages, request, socket, head);
  });
  // A large upload over a slow line takes longer than Node's five minutes.
  server.requestTimeout = 30 * 60_000;
  const { PORT, HOST } = lodestar.config;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(PORT, HOST, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server, upgraded) };
}

async function answer(
  lodestar: Lodestar,
  pages: Pages,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const headers = headersFor(path, { dev: Boolean(pages.upgrade) });
  request.headers[addressHeader] = addressOf(request, lodestar.config.TRUST_PROXY);
  request.headers[pathHeader] = request.url ?? '/';
  Object.assign(request.headers, headers.request);
  for (const [name, value] of Object.entries(headers.response)) response.setHeader(name, value);
  if (isApi(path)) await answerApi(lodestar, request, response);
  else await pages.handle(request, response);
}

/** Behind a proxy of ours, the last address it appended; else the socket's own. */
function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy
    ? String(request.headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : '';
  return forwarded || (request.socket.remoteAddress ?? 'unknown');
}

function upgrade(lodestar: Lodestar, pages: Pages, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  if (request.url?.startsWith('/collaboration/')) return lodestar.rooms.upgrade(request, socket, head);
  if (!pages.upgrade) return void socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  pages.upgrade(request, socket, head).catch((error: unknown) => {
    lodestar.log.warn({ err: error }, 'an upgrade failed');
    socket.destroy();
  });
}

function fail(lodestar: Lodestar, response: ServerResponse, error: unknown): void {
  lodestar.log.error({ err: error }, 'an answer failed');
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(500, { 'content-type': 'text/plain' })
      .end('Something went wrong in Lodestar itself. It was logged.');
}

async function close(server: Server, upgraded: Set<Duplex>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const grace = setTimeout(() => end(server, upgraded), graceMs);
  await closed;
  clearTimeout(grace);
}

/** For those who do not finish. */
function end(server: Server, upgraded: Set<Duplex>): void {
  server.closeAllConnections();
  for (const socket of upgraded) socket.destroy();
}

const graceMs = 5_000;
