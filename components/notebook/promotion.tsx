'use client';
import { useState } from 'react';
import type { Cell } from '#lib/notebook/cell.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';
import { promoteCell, shownRows } from '#lib/client/notebook/promote.ts';
import { PromoteDialog } from '#components/review/promote-dialog.tsx';
import type { PromotionAsked } from '#components/review/promotion-form.ts';
import { useDesk, useHere, useView } from './context.tsx';

export interface PromotionGiven {
  onPromoted(id: string): void;
}

/** The dialog that freezes the cell one wants to promote. */
export function Promotion({ onPromoted }: PromotionGiven) {
  const id = useDesk((state) => state.promoting);
  const cell = useView((view) => view.cells.find((each) => each.cell.id === id)?.cell);
  return cell ? <Asked key={cell.id} cell={cell} onPromoted={onPromoted} /> : null;
}

function Asked({ cell, onPromoted }: PromotionGiven & { cell: Cell }) {
  const { store, desk, zone } = useHere();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ code: string; detail: string } | null>(null);
  const [opened] = useState(() => ({ now: new Date().toISOString(), shown: shownWords(store, cell) }));
  const close = () => desk.set({ promoting: null });
  const submit = async (asked: PromotionAsked) => {
    setBusy(true);
    const answer = await promoteCell(store, cell, asked);
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem);
    close();
    onPromoted(answer.value.id);
  };
  return (
    <PromoteDialog
      {...opened}
      cell={cell.name}
      target={freeTarget(store, cell.name)}
      unit="day"
      timeZone={zone}
      busy={busy}
      problem={problem}
      onSubmit={(asked) => void submit(asked)}
      onClose={close}
    />
  );
}

/** The cell's own name, unless a dataset that no job writes has it. */
function freeTarget(store: NotebookStore, name: string): string {
  const taken = store.snapshot().datasets.filter((dataset) => dataset.kind !== 'job');
  return taken.some((dataset) => dataset.name.toLowerCase() === name.toLowerCase()) ? `${name}_daily` : name;
}

function shownWords(store: NotebookStore, cell: Cell): string | null {
  const shown = shownRows(store, cell);
  if (!shown) return null;
  return shown.windowStart ? `what the notebook shows for ${shown.windowStart}` : 'what the notebook shows';
}
