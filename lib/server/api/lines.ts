import { streamed } from './answer.ts';
import { heldBy } from './held.ts';

/** One JSON value a line. */
export const linesType = 'application/x-ndjson';

/** Each value as soon as it is there, what the work returns as the last line. Leaving ends the work. */
export function toLines(request: Request, values: AsyncGenerator<unknown, unknown>): Response {
  return streamed(heldBy(request, lines(values)), linesType);
}

async function* lines(values: AsyncGenerator<unknown, unknown>): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await values.next(); ; next = await values.next()) {
      yield new TextEncoder().encode(`${JSON.stringify(next.value)}\n`);
      if (next.done) return;
    }
  } finally {
    await values.return(undefined);
  }
}
