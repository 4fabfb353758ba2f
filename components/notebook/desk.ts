import type { CatalogueTable } from '#lib/connection/view.ts';

/*
 * What a person has before them, and nobody else: which cell is current, which text is open, what the panel shows. One
 * small store outside React's tree, so that going from cell to cell draws two cells anew and not all of them.
 */

export type PanelTab = 'chart' | 'input' | 'outline' | 'data';

export interface DeskState {
  /** The cell that keys act on. */
  current: string | null;
  /** The markdown cell whose text is open. */
  writing: string | null;
  /** The cell whose name is being changed. */
  renaming: string | null;
  /** The cell that is to be promoted. */
  promoting: string | null;
  panel: PanelTab;
  /** The dataset or file whose columns the panel shows. */
  table: string | null;
  /** The table of a cluster whose facts the panel shows; it wins over `table`. */
  there: TableThere | null;
}

/** A table of a cluster. */
export interface TableThere extends CatalogueTable {
  /** The connection's id. */
  connection: string;
}

export interface Desk {
  read(): DeskState;
  set(change: Partial<DeskState>): void;
  watch(listener: () => void): () => void;
}

export const emptyDesk: DeskState = {
  current: null,
  writing: null,
  renaming: null,
  promoting: null,
  panel: 'outline',
  table: null,
  there: null,
};

export function makeDesk(): Desk {
  let state = emptyDesk;
  const listeners = new Set<() => void>();
  return {
    read: () => state,
    set(change) {
      const keys = Object.keys(change) as (keyof DeskState)[];
      if (keys.every((key) => state[key] === change[key])) return;
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The cell that is current once `gone` is no more: the next, else the one before. */
export function neighbour(ids: readonly string[], gone: string): string | null {
  const at = ids.indexOf(gone);
  if (at < 0) return null;
  return ids[at + 1] ?? ids[at - 1] ?? null;
}

/** The cell `by` away; stays at the ends. */
export function stepFrom(ids: readonly string[], from: string | null, by: 1 | -1): string | null {
  const at = from === null ? -1 : ids.indexOf(from);
  if (at < 0) return ids[by === 1 ? 0 : ids.length - 1] ?? null;
  return ids[at + by] ?? ids[at] ?? null;
}
