'use client';
import { useEffect, useState } from 'react';
import { PromoteDialog } from '#components/review/promote-dialog.tsx';
import type { PromotionAsked } from '#components/review/promotion-form.ts';
import { listStreams, type StreamView } from '#lib/client/api/streams.ts';
import type { Refusal } from '#lib/client/call.ts';
import { promoteCell, shownRows } from '#lib/client/notebook/promote.ts';
import { streamRead, writeWindow } from '#lib/client/notebook/promote-stream.ts';
import type { Trying } from '#lib/job/evidence.ts';
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
  const [trying, setTrying] = useState<Trying | null>(null);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [opened] = useState(() => ({ now: new Date().toISOString(), shown: shownRows(store, cell) }));
  const streams = useStreams(useView((view) => view.projectId));
  const cells = useView((view) => view.cells);
  const read = streams && streamRead(cells, cell.id, streams);
  const writes = writesOf(
    cell,
    useView((view) => view.connections),
  );
  const close = () => desk.set({ promoting: null });
  const submit = async (asked: PromotionAsked) => {
    setBusy(true);
    setProblem(null);
    const answer = await promoteCell(store, cell, asked, setTrying);
    setBusy(false);
    setTrying(null);
    if (!answer.ok) return setProblem(answer.problem);
    close();
    onPromoted(answer.value.id);
  };
  const submitWithWindow = async (asked: PromotionAsked) => {
    if (!read) return;
    setBusy(true);
    await writeWindow(store, cell, read, new Date());
    await submit(asked);
  };
  if (!streams) return null;
  return (
    <PromoteDialog
      now={opened.now}
      cell={cell.name}
      target={freeTarget(cell.name, store.snapshot())}
      unit={unitOf(opened.shown)}
      timeZone={zone}
      writes={writes}
      stream={read && { name: read.stream.name, hasWindow: read.hasWindow, mayWindow: read.narrowed.length > 0 }}
      shown={shownWords(opened.shown)}
      busy={busy}
      trying={trying}
      problem={problem}
      onSubmit={(asked) => void submit(asked)}
      onWindow={(asked) => void submitWithWindow(asked)}
      onClose={close}
    />
  );
}

/** The project's streams; null until they are listed. Where they cannot be, a job by a schedule still can be asked for. */
function useStreams(projectId: string): StreamView[] | null {
  const [streams, setStreams] = useState<StreamView[] | null>(null);
  useEffect(() => {
    let isOver = false;
    void listStreams(projectId).then((answer) => {
      if (!isOver) setStreams(answer.ok ? answer.value : []);
    });
    return () => {
      isOver = true;
    };
  }, [projectId]);
  return streams;
}
