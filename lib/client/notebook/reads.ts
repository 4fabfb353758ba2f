import type { Cell, Engine } from '#lib/notebook/cell.ts';

/** The dialects a source may be written in. */
export type Dialect = 'sql' | 'trino' | 'typescript';

type Reader = (source: string) => Promise<string[]>;

/** What each cell's source reads, asked of the engines once a text. What an engine cannot tell counts as nothing, and is asked again. */
export class Reads {
  private readonly known = new Map<string, { key: string; names: string[] }>();
  private readonly asked = new Map<string, Promise<void>>();
  private readonly readers: Record<Dialect, Reader>;
  private readonly onKnown: () => void;

  constructor(readers: Record<Dialect, Reader>, onKnown: () => void) {
    this.readers = readers;
    this.onKnown = onKnown;
  }

  /** Per cell id, as far as known; a text being looked at counts with the names its last one had. */
  of(cells: readonly Cell[]): Map<string, string[]> {
    return new Map(cells.map((cell) => [cell.id, this.known.get(cell.id)?.names ?? []]));
  }

  /** Asks for what is not known; resolves when all of it is. */
  async settle(cells: readonly Cell[]): Promise<void> {
    const missing = cells.filter((cell) => isRead(cell) && this.known.get(cell.id)?.key !== keyOf(cell));
    await Promise.all(missing.map((cell) => this.ask(cell)));
  }

  forget(ids: Iterable<string>): void {
    for (const id of ids) this.known.delete(id);
  }

  private ask(cell: Cell): Promise<void> {
    const key = `${cell.id}:${keyOf(cell)}`;
    const asked = this.asked.get(key) ?? this.answer(cell).finally(() => this.asked.delete(key));
    this.asked.set(key, asked);
    return asked;
  }

  private async answer(cell: Cell): Promise<void> {
    const names = await this.readers[dialectOf(cell)](cell.source).catch(() => null);
    if (!names) return; // the engine is not there; running the cell will say so
    this.known.set(cell.id, { key: keyOf(cell), names });
    this.onKnown();
  }
}

function isRead(cell: Cell): boolean {
  return cell.type === 'sql' || cell.type === 'typescript';
}

function dialectOf(cell: Cell): Dialect {
  if (cell.type === 'typescript') return 'typescript';
  return cell.engine === 'trino' ? 'trino' : 'sql';
}

function keyOf(cell: Cell): `${Engine | null}:${string}` {
  return `${cell.engine}:${cell.source}`;
}
