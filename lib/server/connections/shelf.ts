/*
 * What was read of clusters a moment ago, in memory: under a key that holds who asked, for a while, so many at most. Who asks
 * for the same at once waits for one answer; a failure is not kept.
 */

export interface Shelved<T> {
  value: T;
  readAt: Date;
}

export interface ShelfOptions {
  /** Seconds for which an answer is given again. */
  age: number;
  /** Answers kept; the longest unused go first. */
  most: number;
  now(): Date;
}

interface Entry {
  reading: Promise<Shelved<unknown>>;
  /** null while it is read. */
  readAt: Date | null;
}

export class Shelf {
  private options: ShelfOptions;
  private kept = new Map<string, Entry>();

  constructor(options: ShelfOptions) {
    this.options = options;
  }

  /** What is kept under the key, else what `read` gives. `fresh` reads though something is kept. */
  get<T>(key: string, fresh: boolean, read: () => Promise<T>): Promise<Shelved<T>> {
    const found = this.kept.get(key);
    const entry = found && !fresh && this.isYoung(found) ? found : this.begin(key, read);
    this.kept.delete(key);
    this.kept.set(key, entry);
    const [oldest] = this.kept.keys();
    if (this.kept.size > this.options.most) this.kept.delete(oldest!);
    return entry.reading as Promise<Shelved<T>>;
  }

  /** Forgets everything whose key begins so. */
  forget(prefix: string): void {
    for (const key of this.kept.keys()) if (key.startsWith(prefix)) this.kept.delete(key);
  }

  private begin<T>(key: string, read: () => Promise<T>): Entry {
    const reading = read().then((value) => ({ value, readAt: (entry.readAt = this.options.now()) }));
    const entry: Entry = { reading, readAt: null };
    reading.catch(() => this.kept.get(key) === entry && this.kept.delete(key));
    return entry;
  }

  private isYoung({ readAt }: Entry): boolean {
    return readAt === null || this.options.now().getTime() - readAt.getTime() <= this.options.age * 1000;
  }
}
