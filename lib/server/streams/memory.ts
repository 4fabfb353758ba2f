import { hashBytes } from './frame.ts';

/*
 * The keys of the last so many seconds, by which an event that comes again is known. Keys are kept as 128 bits of SHA-256, in
 * generations that are let go whole. There may be no more of them than `most`: beyond that the oldest generation goes
 * before its time, and `since` says from when on keys are known.
 */
export class Memory {
  /** From when on every key is remembered, ms since 1970; -Infinity while none was let go before its time. */
  since = -Infinity;
  private horizon: number;
  private most: number;
  private generations: Generation[] = [];
  private count = 0;

  constructor(horizonMs: number, most = 2_000_000) {
    this.horizon = horizonMs;
    this.most = most;
  }

  get size(): number {
    return this.count;
  }

  /** How long a key is remembered, ms. */
  get horizonMs(): number {
    return this.horizon;
  }

  /** Another horizon from now on; keys that were let go do not come back. */
  set horizonMs(value: number) {
    this.horizon = value;
  }

  /** Whether keys are looked at at all. */
  get isOff(): boolean {
    return this.horizon === 0;
  }

  has(hash: string, now: number): boolean {
    for (let at = this.generations.length - 1; at >= 0; at--) {
      const received = this.generations[at]!.keys.get(hash);
      if (received !== undefined) return received > now - this.horizon;
    }
    return false;
  }

  /** `hashes` as a frame has them; they came at `received`. */
  add(hashes: Uint8Array, received: number): void {
    const bytes = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
    if (bytes.length === 0) return;
    const keys = this.generation(received);
    for (let at = 0; at < bytes.length; at += hashBytes)
      keys.set(bytes.toString('latin1', at, at + hashBytes), received);
    this.forget(received);
  }

  private generation(received: number): Map<string, number> {
    const last = this.generations.at(-1);
    if (last && received < last.from + Math.max(1000, this.horizon / 8)) {
      last.through = Math.max(last.through, received);
      return last.keys;
    }
    const next = { from: received, through: received, keys: new Map<string, number>() };
    this.generations.push(next);
    return next.keys;
  }

  private forget(now: number): void {
    while (this.generations.length > 0 && this.generations[0]!.through <= now - this.horizon) this.generations.shift();
    this.recount();
    while (this.count > this.most && this.generations.length > 1) {
      this.since = this.generations.shift()!.through;
      this.recount();
    }
  }

  private recount(): void {
    this.count = this.generations.reduce((sum, each) => sum + each.keys.size, 0);
  }
}

interface Generation {
  from: number;
  through: number;
  keys: Map<string, number>;
}
