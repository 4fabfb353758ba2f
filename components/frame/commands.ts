import { useEffect, useSyncExternalStore } from 'react';
import type { IconName } from '#components/parts/icon.tsx';

/*
 * What can be done from where one is. Any component adds its acts while it is shown; the palette lists them all, and
 * those that are `bound` also answer to their key. One store a page, so that no one must be handed a function.
 */
export interface Command {
  /** Unique on the page. */
  id: string;
  label: string;
  group: 'Go to' | 'Do';
  icon?: IconName;
  /** One muted clause after the label. */
  hint?: string;
  /** Set in the code face: names of cells, datasets, jobs. */
  mono?: boolean;
  /** Listed only when something is written: there may be many. */
  searched?: boolean;
  keys?: string;
  /** The frame listens for `keys` too. Leave out where someone else does. */
  bound?: boolean;
  /** Either a place … */
  href?: string;
  /** … or an act. */
  run?: () => void;
}

const sources = new Map<object, Command[]>();
const listeners = new Set<() => void>();
let all: Command[] = [];

function changed(): void {
  all = [...sources.values()].flat();
  for (const listener of listeners) listener();
}

/** Adds commands until the returned function is called. */
export function addCommands(commands: Command[]): () => void {
  const source = {};
  sources.set(source, commands);
  changed();
  return () => {
    sources.delete(source);
    changed();
  };
}

export function readCommands(): Command[] {
  return all;
}

export function watchCommands(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Adds commands while the component is shown. Keep the array's identity (useMemo) while it does not change. */
export function useCommands(commands: Command[]): void {
  useEffect(() => addCommands(commands), [commands]);
}

const none: Command[] = [];

export function useAllCommands(): Command[] {
  return useSyncExternalStore(watchCommands, readCommands, () => none);
}
