'use client';
import { createContext, useContext, useRef, useSyncExternalStore } from 'react';
import type { Advice } from '#lib/client/notebook/advice.ts';
import type { CellView, NotebookStore, NotebookView } from '#lib/client/notebook/store.ts';
import type { Desk, DeskState } from './desk.ts';

/** What stands around every part of a notebook page: the store, the desk and where one is. */
export interface NotebookHere {
  store: NotebookStore;
  desk: Desk;
  zone: string;
  /** The files of this tab, by the name of their table. */
  dropped: Map<string, File>;
  /** What clusters say of cells before they run. */
  advice: Advice;
}

const Here = createContext<NotebookHere | null>(null);
export const NotebookHereProvider = Here.Provider;

export function useHere(): NotebookHere {
  const here = useContext(Here);
  if (!here) throw new Error('A part of the notebook stands outside its page.');
  return here;
}

/** A part of the notebook as it is now; drawn again only when that part is another. Select parts, do not build objects. */
export function useView<T>(select: (view: NotebookView) => T): T {
  const { store } = useHere();
  const read = () => select(store.snapshot());
  return useSyncExternalStore(store.subscribe, read, read);
}

export function useCell(id: string): CellView | undefined {
  return useView((view) => view.cells.find((each) => each.cell.id === id));
}

/** The cells' ids in order; the same array while it says the same. */
export function useOrder(): string[] {
  const kept = useRef<string[]>([]);
  return useView((view) => {
    const ids = view.cells.map((each) => each.cell.id);
    const same = ids.length === kept.current.length && ids.every((id, index) => id === kept.current[index]);
    if (!same) kept.current = ids;
    return kept.current;
  });
}

export function useDesk<T>(select: (state: DeskState) => T): T {
  const { desk } = useHere();
  const read = () => select(desk.read());
  return useSyncExternalStore(desk.watch, read, read);
}

export function useMayEdit(): boolean {
  return useView((view) => view.role !== 'reader');
}
