'use client';
import { useState } from 'react';
import { Button } from '#components/parts/button.tsx';
import type { Cell } from '#lib/notebook/cell.ts';
import { useShownResult, type ShownResult } from '#components/notebook/use-result.ts';
import type { RunView } from '#lib/client/notebook/store.ts';
import { Caution } from './caution.tsx';
import { Console } from './console.tsx';
import { Failure } from './failure.tsx';
import { Running } from './running.tsx';
import { Stale } from './stale.tsx';
import { TableResult } from './table-result.tsx';

/** What came of a cell: its rows, its words, why it failed, how far it is. Old rows are muted, never hidden. */
export function Outcome({ cell, run }: { cell: Cell; run: RunView }) {
  const result = useShownResult(cell.id, run.state === 'running');
  switch (run.state) {
    case 'idle':
      return result ? <Shown cell={cell} result={result} old /> : null;
    case 'queued':
    case 'running':
      return <UnderWay cell={cell} run={run} result={result} />;
    case 'good':
      return result ? <Shown cell={cell} result={result} /> : null;
    case 'stale':
      return (
        <>
          <Stale cell={cell} why={run.why} hasRows={result !== null} />
          {result && <Shown cell={cell} result={result} old />}
        </>
      );
    case 'failed':
    case 'cancelled':
      return (
        <>
          {run.error && <Failure cell={cell} error={run.error} />}
          {result && <LastResult cell={cell} result={result} />}
        </>
      );
  }
}

function UnderWay({ cell, run, result }: { cell: Cell; run: RunView; result: ShownResult | null }) {
  const progress = run.state === 'running' ? <Running id={cell.id} run={run} over={result !== null} /> : null;
  if (!result) return progress;
  return (
    <div className="underway">
      {progress}
      <Shown cell={cell} result={result} old />
    </div>
  );
}

function LastResult({ cell, result }: { cell: Cell; result: ShownResult }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="bare" size="small" className="last" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide the last result' : 'Show the last result'}
      </Button>
      {open && <Shown cell={cell} result={result} old />}
    </>
  );
}

function Shown({ cell, result, old }: { cell: Cell; result: ShownResult; old?: boolean }) {
  const hasTable = result.schema.fields.length > 0;
  return (
    <div className={old ? 'res stale-res' : 'res'}>
      {cell.type === 'typescript' && <Console logs={result.logs} values={result.values} />}
      {cell.type === 'sql' && <Caution cell={cell} result={result} />}
      {hasTable && <TableResult cell={cell} result={result} />}
    </div>
  );
}
