import { request, type Dispatcher } from 'undici';
import { KernelFailure } from '#kernels/failure.ts';
import { identityOf } from './headers.ts';
import {
  isBrokenOff,
  isPassing,
  neverBegan,
  retry,
  retryAfterOf,
  usualPatience,
  type Attempt,
  type Patience,
} from './retry.ts';
import type { Access, TrinoTarget } from './target.ts';
import { fromAnswer, fromForeign, fromNetwork, fromRedirect } from './unreachable.ts';

/*
 * SECURITY 12. One cluster over HTTP. Every request with who asks in it goes to the origin of the target and nowhere else;
 * no redirect is followed; no answer is larger or slower than we are patient for. All failures are KernelFailures.
 */

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array<ArrayBuffer>;
}

export class Wire {
  readonly target: TrinoTarget;
  readonly patience: Patience;
  readonly base: URL;

  constructor(target: TrinoTarget, patience: Patience = usualPatience) {
    this.target = target;
    this.patience = patience;
    this.base = new URL(target.url.endsWith('/') ? target.url : `${target.url}/`);
  }

  /** Sends a statement. A write is sent again only where no proxy can have passed it on. */
  post(sql: string, headers: Record<string, string>, access: Access): Promise<Reply> {
    const url = new URL('v1/statement', this.base);
    const since = performance.now();
    return this.persist(url, undefined, () => this.exchange({ method: 'POST', url, headers, body: sql }), {
      status: (status) => (access === 'read' ? isPassing(status) : status === 503 || status === 429),
      error: (error) => neverBegan(error) && performance.now() - since < this.patience.connecting,
    });
  }

  /** A page; `address` comes from the cluster. */
  async get(address: string, signal?: AbortSignal): Promise<Reply> {
    const url = this.pin(address);
    const headers = identityOf(this.target);
    const send = () => this.exchange({ method: 'GET', url, headers, ...(signal ? { signal } : {}) });
    return this.persist(url, signal, send, { status: isPassing, error: isBrokenOff });
  }

  /** Ends what an address names. Gives the status; 404 and 410 mean that it is over. */
  async delete(address: string): Promise<number> {
    const url = this.pin(address);
    const send = () => this.exchange({ method: 'DELETE', url, headers: identityOf(this.target) });
    const again = { status: isPassing, error: isBrokenOff };
    return retry(
      () => this.attempt(url, send, again, ({ status }) => status < 300 || status === 404 || status === 410),
      this.patience,
      undefined,
    ).then((reply) => reply.status);
  }

  /** The address, if it is on the cluster's own origin; otherwise throws. */
  pin(address: string): URL {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url?.origin === this.base.origin && url.username === '' && url.password === '') return url;
    throw new KernelFailure(fromForeign(address, this.base));
  }

  private persist(url: URL, signal: AbortSignal | undefined, send: () => Promise<Reply>, again: Again): Promise<Reply> {
    return retry(() => this.attempt(url, send, again, isPage), this.patience, signal);
  }

  private async attempt(
    url: URL,
    send: () => Promise<Reply>,
    again: Again,
    isGood: (reply: Reply) => boolean,
  ): Promise<Attempt<Reply>> {
    try {
      const reply = await send();
      if (isGood(reply)) return { done: true, value: reply };
      const after = retryAfterOf(reply.headers['retry-after']);
      return { done: false, again: again.status(reply.status), after, error: this.failureOf(reply, url) };
    } catch (error) {
      if (error instanceof KernelFailure || isAbort(error)) throw error;
      return { done: false, again: again.error(error), after: null, error: new KernelFailure(fromNetwork(error, url)) };
    }
  }

  private failureOf(reply: Reply, url: URL): KernelFailure {
    const { status, headers, body } = reply;
    if (status >= 300 && status < 400) return new KernelFailure(fromRedirect(textOf(headers['location']), url));
    const beginning = new TextDecoder().decode(body.subarray(0, 2000));
    const hasSecret = this.target.authorization !== null;
    return new KernelFailure(fromAnswer(status, textOf(headers['content-type']) ?? '', beginning, url, hasSecret));
  }

  private exchange(options: Exchange): Promise<Reply> {
    return exchange(this.target.dispatcher, options, this.patience);
  }
}

function isPage({ status, headers }: Reply): boolean {
  return status === 200 && (textOf(headers['content-type']) ?? '').includes('json');
}

/** Which failures another attempt may mend. */
interface Again {
  status(status: number): boolean;
  error(error: unknown): boolean;
}

export interface Exchange {
  method: 'GET' | 'POST' | 'DELETE';
  url: URL;
  headers: Record<string, string | string[]>;
  body?: string;
  signal?: AbortSignal;
}

/** One request and its whole answer. Throws what undici throws, and a KernelFailure for an answer that is too large. */
export async function exchange(dispatcher: Dispatcher, options: Exchange, patience: Patience): Promise<Reply> {
  const { url, method, headers, body = null, signal } = options;
  const reply = await request(url, {
    dispatcher,
    method,
    headers,
    body,
    headersTimeout: patience.silence,
    bodyTimeout: patience.silence,
    ...(signal ? { signal } : {}),
  });
  const bytes = await gather(reply.body, Number(reply.headers['content-length']), patience, url);
  return { status: reply.statusCode, headers: reply.headers, body: bytes };
}

/** A drip that never falls silent ends too: after as many silences as this. */
const slowest = 10;

async function gather(
  body: Dispatcher.ResponseData['body'],
  length: number,
  patience: Patience,
  url: URL,
): Promise<Uint8Array<ArrayBuffer>> {
  const since = performance.now();
  const chunks: Uint8Array[] = [];
  let total = 0;
  const refuse = (message: string, hint: string) => {
    body.on('error', () => undefined).destroy();
    throw new KernelFailure({ code: 'refused', message, hint });
  };
  if (length > patience.pageBytes) refuse(...tooLarge(url, patience));
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    total += chunk.length;
    if (total > patience.pageBytes) refuse(...tooLarge(url, patience));
    if (performance.now() - since > patience.silence * slowest)
      refuse(`${url.host} sends a page too slowly to be waited for.`, 'Ask who runs the network between.');
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function tooLarge(url: URL, { pageBytes }: Patience): [string, string] {
  const most = `${Math.round(pageBytes / 2 ** 20)} MB`;
  return [`${url.host} sent one page of more than ${most}.`, 'Select fewer or shorter columns.'];
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
