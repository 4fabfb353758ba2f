import { z } from 'zod';
import { demand } from '#lib/server/access.ts';
import { authenticate } from '#lib/server/auth/authenticate.ts';
import { openChanges, type Changes } from '#lib/server/data/changes.ts';
import { heldBy } from './held.ts';
import { IdParams } from './list.ts';
import { operation } from './operation.ts';

/*
 * Server-sent events: an answer that goes on. It ends when the one who listens goes, and when they may no longer read here:
 * their session or token and their right are asked for again and again, as they were at the door.
 */
export const linePace = {
  /** Between comments, by which proxies see that the line lives, ms. */
  comment: 15_000,
  /** Between looks at whether who listens still may, ms. */
  check: 30_000,
};

const eventStream = 'text/event-stream';

export const changes = [
  operation({
    method: 'GET',
    path: '/api/projects/{id}/changes',
    summary:
      'Server-sent events: { datasetId, name, version } whenever a dataset of the project is published. What comes while nobody listens is not repeated: read again after a return.',
    params: IdParams,
    answer: z.string(),
    produces: [eventStream],
    run: async ({ actor, params, request }) => {
      const mayStay = async () => {
        const still = await authenticate(request.headers);
        return still?.userId === actor.userId && demand(still, params.id, 'read').then(Boolean, () => false);
      };
      return toLine(request, await openChanges(actor, params.id), mayStay);
    },
  }),
];

/** The answer; the line is closed when its body has ended, failed or was left, also when nobody read of it. */
function toLine(request: Request, line: Changes, mayStay: () => Promise<boolean>): Response {
  const left = new AbortController();
  const signal = AbortSignal.any([request.signal, left.signal]);
  const texts = heldBy(request, told(line, signal, mayStay));
  const utf8 = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await texts.next();
        if (!done) return controller.enqueue(utf8.encode(value));
      } catch (error) {
        line.close();
        throw error;
      }
      line.close();
      controller.close();
    },
    async cancel() {
      left.abort();
      line.close();
      await texts.return(undefined);
    },
  });
  const headers = { 'content-type': eventStream, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  return new Response(body, { headers });
}

async function* told(line: Changes, signal: AbortSignal, mayStay: () => Promise<boolean>): AsyncGenerator<string> {
  yield ': listening\n\n';
  for (let checked = performance.now(); !signal.aborted;) {
    const published = await nextOf(line, signal);
    if (signal.aborted || published === null) return;
    if (performance.now() - checked >= linePace.check) {
      if (!(await mayStay())) return;
      checked = performance.now();
    }
    yield published.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('') || ': still here\n\n';
  }
}

/** Nothing when nothing came for so long that a comment is due. */
async function nextOf(line: Changes, signal: AbortSignal) {
  const due = new AbortController();
  const stop = () => due.abort();
  const timer = setTimeout(stop, Math.min(linePace.comment, linePace.check));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await line.next(due.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
