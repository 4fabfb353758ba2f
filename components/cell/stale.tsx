'use client';
import { useHere } from '#components/notebook/context.tsx';
import { Button } from '#components/parts/button.tsx';
import { Mark } from '#components/parts/mark.tsx';
import type { Cell } from '#lib/notebook/cell.ts';

/** What changed since, above the old rows. */
export function Stale({ cell, why, hasRows }: { cell: Cell; why: string; hasRows: boolean }) {
  const { store } = useHere();
  return (
    <div className="note">
      <Mark state="stale" />
      <span>
        Stale: {why || 'something it reads has changed'}.{hasRows && ' The rows below are from before.'}
      </span>
      <Button size="small" keys="mod+enter" onClick={() => store.act.run(cell.id)}>
        Run
      </Button>
    </div>
  );
}
