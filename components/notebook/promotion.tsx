'use client';
import type { Cell } from '#lib/notebook/cell.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';
import { useDesk, useHere, useView } from './context.tsx';

export interface PromotionGiven {
  onPromoted(id: string): void;
}

/** The dialog that freezes the cell one wants to promote. */
export function Promotion(_: PromotionGiven) {
  const id = useDesk((state) => state.promoting);
  const cell = useView((view) => view.cells.find((each) => each.cell.id === id)?.cell);
  const { store } = useHere();
  return cell ? <Asked cell={cell} store={store} /> : null;
}

function Asked(_: { cell: Cell; store: NotebookStore }) {
  return null;
}
