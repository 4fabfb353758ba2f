import { setTimeout as sleep } from 'node:timers/promises';

/*
 * How long we are patient with a cluster. Pure decisions, and one loop that follows them. Asking for a page again is safe:
 * the cluster gives the same page for the same address. A statement is sent again only where it cannot have begun.
 */

export interface Patience {
  /** ms without a byte after which one request is given up. */
  silence: number;
  /** ms of failing after which the query is given up. */
  total: number;
  /** ms of not reaching a cluster at all after which a new statement is given up: someone waits to hear of a wrong port. */
  connecting: number;
  /** ms before the first and at most before a later attempt. */
  firstWait: number;
  longestWait: number;
  /** Bytes of one page. */
  pageBytes: number;
}

export const usualPatience: Patience = {
  silence: 30_000,
  total: 60_000,
  connecting: 2_000,
  firstWait: 100,
  longestWait: 5_000,
  pageBytes: 64 * 2 ** 20,
};

/** What one attempt came to. `again` tells that another may help, and in how many ms the cluster wants it. */
export type Attempt<T> =
  { done: true; value: T } | { done: false; again: boolean; after: number | null; error: unknown };

/** Attempts until one is done, none may follow, or the patience is over. Throws the last error, or the signal's reason. */
export async function retry<T>(
  attempt: () => Promise<Attempt<T>>,
  patience: Patience,
  signal: AbortSignal | undefined,
  random = Math.random,
): Promise<T> {
  const since = performance.now();
  for (let count = 0; ; count++) {
    const result = await attempt();
    if (result.done) return result.value;
    const left = patience.total - (performance.now() - since);
    const wait = waitOf(count, patience, result.after, random);
    if (!result.again || wait >= left) throw result.error;
    await sleep(wait, undefined, signal ? { signal } : {});
  }
}

/** ms before the next attempt: twice as long each time, half of it by chance, and never less than the cluster asks for. */
export function waitOf(count: number, patience: Patience, after: number | null, random = Math.random): number {
  const full = Math.min(patience.longestWait, patience.firstWait * 2 ** count);
  return Math.max(after ?? 0, full / 2 + (full / 2) * random());
}

/** `Retry-After` in ms: seconds or a date; null where it is neither. */
export function retryAfterOf(header: string | string[] | undefined, now = Date.now()): number | null {
  if (typeof header !== 'string') return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** What a proxy or a busy coordinator answers. */
export function isPassing(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** With these, no connection was made: nothing can have begun. */
const unconnected = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

const broken = new Set([
  ...unconnected,
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RESPONSE_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

export function neverBegan(error: unknown): boolean {
  return codesOf(error).some((code) => unconnected.has(code));
}

export function isBrokenOff(error: unknown): boolean {
  return codesOf(error).some((code) => broken.has(code));
}

/** The codes of an error and of what caused it. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let each = error; each instanceof Error && codes.length < 10; each = causeOf(each)) {
    const code: unknown = 'code' in each ? each.code : undefined;
    codes.push(typeof code === 'string' ? code : '');
  }
  return codes;
}

function causeOf(error: Error): unknown {
  return error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
}
