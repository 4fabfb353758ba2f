import { hashBytes } from './frame.ts';

/**
 * Hashes of keys with when they came, in the order they were added, the oldest let go first. Kept in four arrays, as there
 * are millions of them: a table of places, each the number of an entry, and a ring of entries.
 */
export class KeyTable {
  private words: Int32Array;
  private came: Float64Array;
  /** Entry + 1, or 0; twice as many as entries, looked through from the place that a hash names. */
  private places: Int32Array;
  /** Of entries, a power of 2. */
  private room: number;
  /** Entries [first, end) are there, each at its number modulo `room`. */
  private first = 0;
  private end = 0;

  /** `expected`: about as many as there will be. */
  constructor(expected = 1024) {
    const room = 2 ** Math.ceil(Math.log2(Math.max(4, expected)));
    this.room = room;
    this.words = new Int32Array(room * 4);
    this.came = new Float64Array(room);
    this.places = new Int32Array(room * 2);
  }

  get size(): number {
    return this.end - this.first;
  }

  /** When the oldest came, ms; undefined without one. */
  get oldest(): number | undefined {
    return this.size === 0 ? undefined : this.came[this.first & (this.room - 1)];
  }

  /** When the hash at `at` of `bytes` came, ms; -Infinity when it is not there. */
  find(bytes: Uint8Array, at: number): number {
    const place = this.placeOf(bytes, at);
    const entry = this.places[place]!;
    return entry === 0 ? -Infinity : this.came[entry - 1]!;
  }

  /** One that is there already stays where it is in the order, with the new time. */
  add(bytes: Uint8Array, at: number, received: number): void {
    if (this.size === this.room) this.grow();
    const place = this.placeOf(bytes, at);
    const known = this.places[place]!;
    if (known !== 0) {
      this.came[known - 1] = received;
      return;
    }
    const entry = this.end++ & (this.room - 1);
    for (let word = 0; word < 4; word++) this.words[entry * 4 + word] = wordAt(bytes, at + word * 4);
    this.came[entry] = received;
    this.places[place] = entry + 1;
  }

  /** Lets the oldest go. */
  shift(): void {
    const entry = this.first++ & (this.room - 1);
    const mask = this.places.length - 1;
    let place = this.words[entry * 4]! & mask;
    while (this.places[place] !== entry + 1) place = (place + 1) & mask;
    this.close(place, mask);
  }

  /** Empties a place and moves those after it up that would not be found behind an empty one. */
  private close(hole: number, mask: number): void {
    for (let place = (hole + 1) & mask; this.places[place] !== 0; place = (place + 1) & mask) {
      const home = this.words[(this.places[place]! - 1) * 4]! & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      this.places[hole] = this.places[place]!;
      hole = place;
    }
    this.places[hole] = 0;
  }

  /** Where the hash is, or the empty place where it would be put. */
  private placeOf(bytes: Uint8Array, at: number): number {
    const one = wordAt(bytes, at);
    const two = wordAt(bytes, at + 4);
    const three = wordAt(bytes, at + 8);
    const four = wordAt(bytes, at + 12);
    const { words, places } = this;
    const mask = places.length - 1;
    let place = one & mask;
    for (; ; place = (place + 1) & mask) {
      const entry = places[place]!;
      if (entry === 0) return place;
      const word = (entry - 1) * 4;
      if (words[word] === one && words[word + 1] === two && words[word + 2] === three && words[word + 3] === four)
        return place;
    }
  }

  private grow(): void {
    const larger = new KeyTable(this.room * 2);
    const bytes = new Uint8Array(this.words.buffer);
    for (let number = this.first; number < this.end; number++) {
      const entry = number & (this.room - 1);
      larger.add(bytes, entry * hashBytes, this.came[entry]!);
    }
    this.room = larger.room;
    this.words = larger.words;
    this.came = larger.came;
    this.places = larger.places;
    this.first = larger.first;
    this.end = larger.end;
  }
}

/** Little-endian, as typed arrays are on every machine this runs on. */
function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
