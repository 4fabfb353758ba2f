import { hashBytes } from './frame.ts';
import { KeyTable } from './key-table.ts';

/*
 * The keys of the last so many seconds, by which an event that comes again is known. Keys are kept as 128 bits of SHA-256.
 * There may be no more of them than `most`: beyond that the oldest go before their time, and `since` says from when on
 * keys are known.
 */
export class Memory {
  /** After it every key is remembered, ms since 1970; -Infinity while none was let go before its time. */
  since = -Infinity;
  private horizon: number;
  private most: number;
  private keys = new KeyTable();

  constructor(horizonMs: number, most = 2_000_000) {
    this.horizon = horizonMs;
    this.most = most;
  }

  get size(): number {
    return this.keys.size;
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

  /** Whether the hash at `at` of `bytes` is known. */
  has(bytes: Uint8Array, at: number, now: number): boolean {
    return this.keys.find(bytes, at) > now - this.horizon;
  }

  /** `hashes` as a frame has them; they came at `received`. */
  add(hashes: Uint8Array, received: number): void {
    while ((this.keys.oldest ?? Infinity) <= received - this.horizon) this.keys.shift();
    for (let at = 0; at < hashes.length; at += hashBytes) {
      this.keys.add(hashes, at, received);
      if (this.keys.size > this.most) this.letGo();
    }
  }

  private letGo(): void {
    this.since = Math.max(this.since, this.keys.oldest!);
    this.keys.shift();
  }
}
