import { request } from 'undici';
import { z } from 'zod';
import { KernelFailure } from '#kernels/failure.ts';
import { networkError, type TrinoTarget } from '#kernels/server.ts';
import { readSome } from './ask.ts';
import type { Found, Trial } from './trial.ts';

const patience = 20_000;
/** Pages of an answer of one row; an honest cluster needs four or so. */
const mostPages = 50;

const Page = z.object({ nextUri: z.string().optional(), data: z.unknown().optional(), error: z.unknown().optional() });

/** Whether the cluster gives large answers in segments, fetched side by side. Nothing needs it. */
export async function lookForSegments(target: TrinoTarget, { tried, signal }: Trial): Promise<Found> {
  const headers = {
    'x-trino-user': target.user,
    'x-trino-source': target.source,
    'x-trino-query-data-encoding': 'json+zstd,json',
    ...(target.authorization === null ? {} : { authorization: target.authorization }),
  };
  const send = (url: URL, body: string | null) => page(target, { url, body, headers, signal });
  let found = await send(new URL('/v1/statement', tried.url), 'SELECT 1');
  for (let count = 0; count < mostPages; count++) {
    if (found.data !== undefined) return told(found.data);
    if (found.error !== undefined || found.nextUri === undefined) break;
    const next = new URL(found.nextUri);
    if (next.origin !== new URL(tried.url).origin) break;
    found = await send(next, null);
  }
  return { state: 'skipped', found: 'It could not be seen whether segments are offered.' };
}

function told(data: unknown): Found {
  if (Array.isArray(data)) return { state: 'skipped', found: 'not offered; rows come page by page' };
  return { state: 'good', found: 'offered; up to 4 at a time' };
}

interface Sent {
  url: URL;
  body: string | null;
  headers: Record<string, string>;
  signal: AbortSignal;
}

async function page({ dispatcher }: TrinoTarget, { url, body, headers, signal }: Sent): Promise<z.infer<typeof Page>> {
  const limits = { headersTimeout: patience, bodyTimeout: patience };
  const method = body === null ? 'GET' : 'POST';
  try {
    const reply = await request(url, { dispatcher, method, headers, body, signal, ...limits });
    return Page.parse(JSON.parse(await readSome(reply.body)));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return { data: undefined, error: 'none of Trino' };
    throw new KernelFailure(networkError(error, url));
  }
}
