import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate.ts';

/*
 * A coordinator that does as a test tells it, also what no Trino does. It answers START TRANSACTION and ROLLBACK as Trino
 * would; any other statement goes to the test's script, one step a request. What was heard is kept, for a test to see
 * who was told which secret.
 */

export interface Heard {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Answers the n-th request for a statement's pages, the POST being 0. */
export type Step = (reply: ServerResponse, page: PageOf, request: Heard) => void;

/** A page as Trino writes it; `more` says whether another follows. */
export type PageOf = (more: boolean, given?: Record<string, unknown>) => Record<string, unknown>;

export interface Coordinator {
  url: string;
  heard: Heard[];
  /** Requests for the script's statement: DELETE among them. */
  of(method: string): Heard[];
  close(): Promise<void>;
}

const stats = { state: 'RUNNING', nodes: 1, totalSplits: 4, completedSplits: 1, processedRows: 0, processedBytes: 0 };

/** The last step is given again and again. */
export function startCoordinator(...steps: Step[]): Promise<Coordinator> {
  return start('http', createServer, steps);
}

/** The same behind TLS, with a certificate of the test's own. */
export function startSecureCoordinator(certificate: Certificate, ...steps: Step[]): Promise<Coordinator> {
  return start('https', (listener) => createSecureServer(certificate, listener), steps);
}

async function start(
  scheme: 'http' | 'https',
  serverOf: (listener: RequestListener) => Server,
  steps: Step[],
): Promise<Coordinator> {
  const heard: Heard[] = [];
  let asked = 0;
  const server = serverOf((request, reply) => {
    void read(request).then((body) => {
      const one = { method: request.method!, url: request.url!, headers: request.headers, body };
      heard.push(one);
      if (answerOurOwn(one, reply, url)) return;
      if (one.method === 'DELETE') return void reply.writeHead(204).end();
      const count = asked++;
      steps[Math.min(count, steps.length - 1)]!(reply, pageOf(url, count), one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    heard,
    of: (method) => heard.filter((one) => one.method === method && !isOurOwn(one)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One page as JSON. */
export function send(page: Record<string, unknown>, headers: Record<string, string> = {}): Step {
  return (reply) => sendJson(reply, page, headers);
}

export function sendJson(reply: ServerResponse, page: unknown, headers: Record<string, string> = {}): void {
  reply.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(page));
}

function pageOf(url: string, count: number): PageOf {
  return (more, given = {}) => ({
    id: 'the_query',
    infoUri: `${url}/ui/query.html?the_query`,
    ...(more
      ? { nextUri: `${url}/v1/statement/${count === 0 ? 'queued' : 'executing'}/the_query/slug/${count + 1}` }
      : {}),
    stats: more ? stats : { ...stats, state: 'FINISHED' },
    warnings: [],
    ...given,
  });
}

function isOurOwn({ body, url }: Heard): boolean {
  return /^(START TRANSACTION|ROLLBACK)/.test(body) || url.includes('/own/');
}

function answerOurOwn(one: Heard, reply: ServerResponse, url: string): boolean {
  if (!isOurOwn(one)) return false;
  const headers: Record<string, string> = one.body.startsWith('START')
    ? { 'x-trino-started-transaction-id': 'tx-1' }
    : {};
  sendJson(reply, { id: 'own', infoUri: `${url}/ui`, stats, warnings: [] }, headers);
  return true;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
