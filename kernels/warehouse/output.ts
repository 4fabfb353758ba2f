import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes parts in order and waits while the reader is behind, so that a slow reader slows the engine. */
export class Output {
  private stream: Writable;

  constructor(stream: Writable) {
    this.stream = stream;
  }

  async write(parts: Uint8Array[]): Promise<void> {
    let free = true;
    this.stream.cork();
    for (const part of parts) free = this.stream.write(part);
    this.stream.uncork();
    if (!free) await once(this.stream, 'drain');
  }

  end(): Promise<void> {
    return new Promise((resolve) => this.stream.end(resolve));
  }
}
