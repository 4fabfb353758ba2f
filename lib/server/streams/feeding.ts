import { Bell } from './bell.ts';
import { pause } from './pause.ts';

/** Reads a source until it is stopped, again and again after whatever keeps it from reading. */
export class Feeding {
  private end = new AbortController();
  private work: Promise<void>;

  /**
   * `read` ends when its signal is aborted, and throws when it cannot go on; `met` is told what was thrown and says how long to
   * wait, ms.
   */
  constructor(read: (signal: AbortSignal) => Promise<void>, met: (error: unknown) => number) {
    this.work = this.loop(read, met);
  }

  /** Resolves when nothing is read any more. */
  async stop(): Promise<void> {
    this.end.abort();
    await this.work;
  }

  private async loop(read: (signal: AbortSignal) => Promise<void>, met: (error: unknown) => number): Promise<void> {
    const { signal } = this.end;
    await Promise.resolve(); // Who makes it has it when `read` begins.
    while (!signal.aborted)
      try {
        await read(signal);
      } catch (error) {
        await pause(met(error), signal, new Bell());
      }
  }
}
