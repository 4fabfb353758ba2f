import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { Lodestar } from '#lib/server/lodestar.ts';

/*
 * The HTTP surface without Next in between: its request body knows no waiting (a large upload would pile up in memory), and
 * a person who leaves must stop their query at once. Next keeps its own paths: pages, and next-auth below /api/auth.
 */

export function isApi(path: string): boolean {
  return path.startsWith('/api/') && !path.startsWith('/api/auth/');
}

export async function answerApi(
  { api }: Pick<Lodestar, 'api'>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const leave = new AbortController();
  response.once('close', () => leave.abort());
  const request = toRequest(incoming, leave.signal);
  const answer = await api(request);
  await send(answer, response, request);
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/' } = incoming;
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
  const body = method === 'GET' || method === 'HEAD' ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
  const init = { method, headers, body, signal, duplex: 'half' };
  return new Request(new URL(url, `http://${incoming.headers.host ?? 'localhost'}`), init);
}

/** The request comes along so that it lives as long as its answer, and its signal with it. */
async function send(answer: Response, response: ServerResponse, request: Request): Promise<void> {
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value);
  for (const cookie of answer.headers.getSetCookie()) response.appendHeader('set-cookie', cookie);
  response.writeHead(answer.status);
  if (!answer.body || request.method === 'HEAD') return void response.end();
  try {
    await pipeline(Readable.fromWeb(answer.body as NodeStream<Uint8Array>), response);
  } catch (error) {
    if (!request.signal.aborted && !response.destroyed) throw error;
  }
}
