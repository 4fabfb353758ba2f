'use client';
import { useState } from 'react';
import { useHere, useMayEdit, useView } from '#components/notebook/context.tsx';
import type { ShownResult } from '#components/notebook/use-result.ts';
import { Button } from '#components/parts/button.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { validateSql } from '#lib/client/api/connections.ts';
import type { KernelError } from '#kernels/kernel.ts';
import type { Cell } from '#lib/notebook/cell.ts';

/** What to know of rows that are here: made from a part only, or a word of the engine. */
export function Caution({ cell, result }: { cell: Cell; result: ShownResult }) {
  const connection = useCutSource(cell);
  if (result.warnings.length === 0) return null;
  return (
    <div className="caution" role="status">
      {result.warnings.map((warning) => (
        <p key={warning} className="st-warn">
          <Mark state="warned" label="" /> {warning}
        </p>
      ))}
      {connection && !result.complete && <InFull cell={cell} connection={connection} />}
    </div>
  );
}

/** The connection on which this browser cell could read all of what it now reads a part of; '' where there is none. */
function useCutSource(cell: Cell): string {
  const mayEdit = useMayEdit();
  return useView((view) => {
    if (!mayEdit || cell.type !== 'sql' || cell.engine !== 'browser') return '';
    const reads = view.cells.find((each) => each.cell.id === cell.id)?.reads ?? [];
    const cut = view.cells.find(
      (each) => each.cell.engine === 'trino' && reads.includes(each.cell.name) && each.run.done?.complete === false,
    );
    return cut?.cell.connection ?? '';
  });
}

/** Moves the cell to the cluster, where it reads the other’s text and nothing is cut; only if that is good SQL there. */
function InFull({ cell, connection }: { cell: Cell; connection: string }) {
  const { store } = useHere();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<KernelError | null>(null);
  const name = useView((view) => view.connections?.find((each) => each.id === connection)?.name ?? 'the cluster');
  const go = async () => {
    setBusy(true);
    const found = await problemThere(store.question(cell.id, connection));
    setBusy(false);
    setProblem(found);
    if (found) return;
    store.act.setEngine(cell.id, { engine: 'trino', connection });
    store.act.run(cell.id);
  };
  return (
    <>
      <Button size="small" icon="server" disabled={busy} onClick={() => void go()}>
        {busy ? 'Asking Trino …' : 'Run in full on Trino'}
      </Button>
      {problem && (
        <p className="sec" role="alert">
          <Mark state="failed" label="" /> It was left as it is: on {name} this text is not right.{' '}
          <b>{problem.message.replaceAll('`', '')}</b>
          {problem.position && ` Line ${problem.position.line}, column ${problem.position.column}.`}
          {problem.hint && ` ${problem.hint.replaceAll('`', '')}`}
        </p>
      )}
    </>
  );
}

/** null where it is right there, or where only running it can tell. */
async function problemThere(question: Parameters<typeof validateSql>[0] | null): Promise<KernelError | null> {
  if (!question) return null;
  const answer = await validateSql(question);
  if (answer.ok) return answer.value.problem;
  return { code: 'refused', message: answer.problem.detail };
}
