'use client';
import { memo } from 'react';
import { useCell, useDesk, useHere } from '#components/notebook/context.tsx';
import { focusCell } from '#components/notebook/focus.ts';
import type { CellView } from '#lib/client/notebook/store.ts';
import { ChartBody } from './chart-body.tsx';
import { CodeBody } from './code-body.tsx';
import { Gutter } from './gutter.tsx';
import { Head } from './head.tsx';
import { MarkdownBody } from './markdown-body.tsx';
import { Problems } from './problems.tsx';
import { useShownRun } from './shown-run.ts';
import { typeWords } from './words.ts';

/** One cell on the meridian. Drawn anew only when something of its own changed. */
export const CellSection = memo(function CellSection({ id }: { id: string }) {
  const view = useCell(id);
  return view ? <Drawn view={view} /> : null;
});

function Drawn({ view }: { view: CellView }) {
  const { desk } = useHere();
  const { cell, run: latest, reads, readBy, problems } = view;
  const current = useDesk((state) => state.current === cell.id);
  const run = useShownRun(latest);
  const words = `${typeWords[cell.type].label} cell${cell.name ? ` ${cell.name}` : ''}`;
  return (
    <section
      className={current ? 'cell on' : 'cell'}
      id={cell.name || undefined}
      tabIndex={-1}
      aria-label={words}
      data-kind={cell.type}
      data-cell-id={cell.id}
      data-cell-name={cell.name}
      data-cell-type={cell.type}
      data-state={latest.state}
      onFocus={() => desk.set({ current: cell.id })}
      onPointerDown={() => desk.set({ current: cell.id })}
      onKeyDown={(event) => {
        // What in the cell had no use for Esc gives the keys back to the cell.
        if (event.key === 'Escape' && !event.defaultPrevented && isInGrid(event.target)) focusCell(desk, cell.id);
      }}
    >
      {cell.type === 'markdown' ? <div className="gut" /> : <Gutter run={run} />}
      <div className={cell.type === 'markdown' ? 'body md' : 'body'}>
        {cell.type !== 'markdown' && <Head cell={cell} run={run} reads={reads} readBy={readBy} />}
        {problems.length > 0 && <Problems problems={problems} />}
        {(cell.type === 'sql' || cell.type === 'typescript') && <CodeBody cell={cell} run={run} />}
        {cell.type === 'markdown' && <MarkdownBody id={cell.id} source={cell.source} />}
        {cell.type === 'chart' && <ChartBody cell={cell} run={run} />}
      </div>
    </section>
  );
}

function isInGrid(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[role="grid"]') !== null;
}
