'use client';
import { useState } from 'react';
import { PromoteDialog } from '#components/review/promote-dialog.tsx';
import type { PromotionAsked } from '#components/review/promotion-form.ts';
import type { Refusal } from '#lib/client/call.ts';
import { promoteCell, shownRows } from '#lib/client/notebook/promote.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { useDesk, useHere, useView } from './context.tsx';
import { freeTarget, shownWords, unitOf, writesOf } from './promotion-defaults.ts';

export interface PromotionGiven {
  onPromoted(id: string): void;
}

/** The dialog that freezes the cell one wants to promote, tries it, and goes on to its review. */
export function Promotion({ onPromoted }: PromotionGiven) {
  const id = useDesk((state) => state.promoting);
  const cell = useView((view) => view.cells.find((each) => each.cell.id === id)?.cell);
  return cell ? <Asked key={cell.id} cell={cell} onPromoted={onPromoted} /> : null;
}

function Asked({ cell, onPromoted }: PromotionGiven & { cell: Cell }) {
  const { store, desk, zone } = useHere();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [opened] = useState(() => ({ now: new Date().toISOString(), shown: shownRows(store, cell) }));
  const writes = writesOf(
    cell,
    useView((view) => view.connections),
  );
  const close = () => desk.set({ promoting: null });
  const submit = async (asked: PromotionAsked) => {
    setBusy(true);
    setProblem(null);
    const answer = await promoteCell(store, cell, asked);
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem);
    close();
    onPromoted(answer.value.id);
  };
  return (
    <PromoteDialog
      now={opened.now}
      cell={cell.name}
      target={freeTarget(cell.name, store.snapshot())}
      unit={unitOf(opened.shown)}
      timeZone={zone}
      writes={writes}
      shown={shownWords(opened.shown)}
      busy={busy}
      problem={problem}
      onSubmit={(asked) => void submit(asked)}
      onClose={close}
    />
  );
}
