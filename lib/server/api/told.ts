import { toLines } from './lines.ts';
import { toProblemResponse } from './refusal.ts';

/*
 * Work that takes long, as lines: `{ progress }` while it goes on, the last of what came meanwhile, and at the end `{ result }` or
 * `{ problem }`. What is refused before the work is under way is a refusal as any other.
 */

/** Throws what the work throws before it tells anything. Who leaves does not end the work. */
export async function toToldLines<P, R>(
  request: Request,
  work: (tell: (progress: P) => void) => Promise<R>,
): Promise<Response> {
  const line = new Telling<P>();
  const done = work((progress) => line.say(progress)).finally(() => line.end());
  done.catch(() => undefined); // it is read below, when its turn comes
  await line.changed();
  if (line.isOver && !line.hasNews) await done;
  return toLines(request, told(line, done));
}

async function* told<P, R>(line: Telling<P>, done: Promise<R>): AsyncGenerator<unknown, unknown> {
  for (; ; await line.changed()) {
    if (line.hasNews) yield { progress: line.take() };
    if (line.isOver) break;
  }
  try {
    return { result: await done };
  } catch (error) {
    return { problem: await toProblemResponse(error).json() };
  }
}

class Telling<P> {
  isOver = false;
  private news: { progress: P } | null = null;
  private wake: () => void = () => undefined;

  get hasNews(): boolean {
    return this.news !== null;
  }

  say(progress: P): void {
    this.news = { progress };
    this.wake();
  }

  end(): void {
    this.isOver = true;
    this.wake();
  }

  take(): P | null {
    const taken = this.news;
    this.news = null;
    return taken && taken.progress;
  }

  /** Resolves when something was said that nobody took, or the work is over. */
  changed(): Promise<void> {
    if (this.news || this.isOver) return Promise.resolve();
    return new Promise((resolve) => (this.wake = resolve));
  }
}
