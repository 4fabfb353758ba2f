import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/*
 * What sends events to a Lodestar from a script: lines as batches whose keys follow from their content and place, and a
 * client that sends a batch until it is stored or cannot be. A batch sent again has the same key, so it is stored once.
 */

/** What cannot go on; its message tells people what to do. */
export class PushFailed extends Error {}

const newline = 10;
const mostOfALine = 16 * 2 ** 20;

/**
 * Bytes as batches of whole lines, cut by size; a batch that is not full is given when the input ends, or has said nothing
 * for `every` ms. Where the input is the same and does not pause, so are the batches and their keys.
 * @param {AsyncIterable<Uint8Array>} input
 * @param {{ bytes?: number, every?: number, label?: string }} options `label`: another one, and the same content is new.
 * @returns {AsyncGenerator<{ body: Buffer, key: string, at: number, lines: number }>} `at`: position in the input, bytes.
 */
export async function* batches(input, { bytes = 2 ** 20, every = 1000, label = '' } = {}) {
  const cutter = new Cutter(bytes, label);
  const pieces = input[Symbol.asyncIterator]();
  let next = pieces.next();
  for (;;) {
    const found = await (cutter.hasLine ? first(next, every) : next);
    if (found === quiet) yield* cutter.cut(1);
    else if (found.done) break;
    else {
      next = pieces.next();
      next.catch(() => undefined);
      cutter.push(found.value);
      yield* cutter.cut(bytes);
    }
  }
  yield* cutter.end();
}

const quiet = Symbol('quiet');

async function first(work, ms) {
  const timer = new AbortController();
  try {
    return await Promise.race([work, pause(ms, quiet, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

/** Each key hashes all that came before its end, so that equal batches at different places differ. */
class Cutter {
  constructor(bytes, label) {
    this.bytes = bytes;
    this.chain = createHash('sha256').update(`lodestar push ${label}`).digest();
    this.at = 0;
    this.rest = Buffer.alloc(0);
  }

  get hasLine() {
    return this.rest.includes(newline);
  }

  push(piece) {
    this.rest = Buffer.concat([this.rest, piece]);
    if (this.rest.length > mostOfALine && !this.hasLine)
      throw new PushFailed(`The line that begins at byte ${this.at} is longer than any stream takes. Is it NDJSON?`);
  }

  /** Batches of at most the size, or one longer line, while at least `least` bytes are there. */
  *cut(least) {
    while (this.rest.length >= least) {
      const last = this.rest.lastIndexOf(newline, this.bytes - 1);
      const end = last < 0 ? this.rest.indexOf(newline) : last;
      if (end < 0) return;
      yield this.take(end + 1);
    }
  }

  *end() {
    yield* this.cut(1);
    if (this.rest.length > 0) yield this.take(this.rest.length);
  }

  take(length) {
    const body = Buffer.from(this.rest.subarray(0, length));
    this.rest = this.rest.subarray(length);
    this.chain = createHash('sha256').update(this.chain).update(body).digest();
    const at = this.at;
    this.at += length;
    return { body, key: `${at}-${this.chain.toString('hex').slice(0, 40)}`, at, lines: linesIn(body) };
  }
}

function linesIn(body) {
  let lines = 0;
  for (let at = body.indexOf(newline); at >= 0; at = body.indexOf(newline, at + 1)) lines++;
  return lines + (body.length > 0 && body.at(-1) !== newline ? 1 : 0);
}

/** Asks a Lodestar over HTTP as the bearer of a token. */
export class Client {
  /**
   * @param {{ url: string, token: string, patience?: number, waiting?: (why: string) => void }} options `patience`: ms for
   * which a batch is tried again; `waiting` is told why before each pause.
   */
  constructor({ url, token, patience = 600_000, waiting = () => undefined }) {
    this.url = url.replace(/\/+$/, '');
    this.token = token;
    this.patience = patience;
    this.waiting = waiting;
  }

  /** The id of a stream by its id, its name, or `project/name`. */
  async find(stream) {
    const found = await this.named(stream);
    if (found.length === 1) return found[0].id;
    if (found.length === 0) throw new PushFailed(`There is no stream ${stream} that this token may see.`);
    const choices = found.map((each) => `${each.project}/${each.name}`).join(', ');
    throw new PushFailed(`There are several streams ${stream}: ${choices}. Name the project too.`);
  }

  /** The same, and where there is none of `project/name`, it is made as `spec` says. */
  async findOrMake(stream, spec) {
    if (!stream.includes('/') || (await this.named(stream)).length > 0) return this.find(stream);
    const [project, name] = stream.split('/', 2);
    for await (const { id, name: title } of this.items('/api/projects')) {
      if (id !== project && title !== project) continue;
      const body = JSON.stringify({ ...spec, name });
      const headers = { 'content-type': 'application/json' };
      return (await this.ask('POST', `/api/projects/${encodeURIComponent(id)}/streams`, { body, headers })).id;
    }
    throw new PushFailed(`There is no project ${project} that this token may see.`);
  }

  async named(stream) {
    const [project, name] = stream.includes('/') ? stream.split('/', 2) : [null, stream];
    const found = [];
    for await (const each of this.items('/api/projects')) {
      if (project !== null && each.id !== project && each.name !== project) continue;
      for await (const one of this.items(`/api/projects/${encodeURIComponent(each.id)}/streams`))
        if (one.id === name || one.name === name) found.push({ ...one, project: each.name });
    }
    return found;
  }

  /** Sends a batch until it is stored; gives what the answer says. */
  push(stream, { body, key }) {
    const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': key };
    return this.ask('POST', `/api/streams/${encodeURIComponent(stream)}/events`, { body, headers });
  }

  async *items(path) {
    for (let cursor = ''; cursor !== null;) {
      const page = await this.ask('GET', `${path}?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      yield* page.items;
      cursor = page.next;
    }
  }

  async ask(method, path, { body, headers } = {}) {
    const until = Date.now() + this.patience;
    for (let tries = 0; ; tries++) {
      const found = await this.once(method, path, body, headers);
      if (found.answer) return found.answer;
      if (!found.isPassing) throw new PushFailed(found.why);
      if (Date.now() > until)
        throw new PushFailed(
          `${found.why} It was tried for ${Math.round(this.patience / 1000)} s. Run the same again to go on.`,
        );
      this.waiting(found.why);
      await pause(found.after ?? Math.min(10_000, 200 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
  }

  async once(method, path, body, headers) {
    try {
      const response = await fetch(this.url + path, {
        method,
        body,
        headers: { ...headers, authorization: `Bearer ${this.token}` },
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      return response.ok ? { answer: JSON.parse(text) } : refusal(response, text);
    } catch (error) {
      return { isPassing: true, why: `${this.url} does not answer (${error.cause?.code ?? error.name}).` };
    }
  }
}

function refusal({ status, headers }, text) {
  const isPassing = status === 429 || status >= 500;
  const after = Number(headers.get('retry-after'));
  return {
    isPassing,
    why: `${detailOf(text) ?? 'It was refused.'} (${status})`,
    after: after > 0 ? after * 1000 : undefined,
  };
}

function detailOf(text) {
  try {
    return JSON.parse(text).detail ?? null;
  } catch {
    return null;
  }
}
