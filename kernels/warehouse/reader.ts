import { Child } from './process.ts';
import { fromChild } from './protocol.ts';
import type { Limits, Reply } from './protocol.ts';

/** A text that takes longer to parse than this is not worth it, ms. */
const patience = 10_000;
/** Answers that are kept: a job asks of the same text for each window. Letters of a text that is worth keeping. */
const kept = { answers: 500, letters: 20_000 };

/** A child that only parses: which tables does a text read? Kept for all, because nothing runs in it; made anew when it dies. */
export class Reader {
  private limits: Limits;
  private child: Promise<Child> | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private known = new Map<string, string[]>();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** One text after another. [] when the engine could not parse it, or died of it. */
  reads(source: string): Promise<string[]> {
    const known = this.known.get(source);
    if (known) return Promise.resolve([...known]);
    const answer = this.last.then(() => this.ask(source));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    const child = await this.child?.catch(() => null);
    child?.kill('stopped');
    await child?.gone();
  }

  private async ask(source: string): Promise<string[]> {
    const child = await this.living();
    const timer = setTimeout(() => child.kill('stopped'), patience);
    await child.ask({ task: 'reads', source, limits: this.limits });
    const frame = await child.next();
    clearTimeout(timer);
    if (frame?.kind !== fromChild.reply) return [];
    const reply = JSON.parse(new TextDecoder().decode(frame.payload)) as Reply<string[]>;
    if (reply.ok) this.keep(source, reply.value);
    return reply.ok ? reply.value : [];
  }

  /** What a text reads does not change; the oldest makes room. */
  private keep(source: string, names: string[]): void {
    if (source.length > kept.letters) return;
    this.known.set(source, [...names]);
    if (this.known.size > kept.answers) this.known.delete(this.known.keys().next().value!);
  }

  private async living(): Promise<Child> {
    const child = await this.child?.catch(() => null);
    if (child?.isAlive) return child;
    this.child = started();
    return this.child;
  }
}

async function started(): Promise<Child> {
  const child = new Child();
  await child.ready();
  return child;
}
