'use client';
import { memo } from 'react';
import { useView } from '#components/notebook/context.tsx';
import { Avatar } from '#components/parts/avatar.tsx';
import type { Cell } from '#lib/notebook/cell.ts';
import type { RunView } from '#lib/client/notebook/store.ts';
import { Acts } from './acts.tsx';
import { Deps } from './deps.tsx';
import { EngineName } from './engine.tsx';
import { Name } from './name.tsx';
import { listed } from './words.ts';

interface Given {
  cell: Cell;
  run: RunView;
  reads: string[];
  readBy: string[];
}

/** The head of a cell: its name, engine, what it reads, who is in it, and its acts. */
export const Head = memo(function Head({ cell, run, reads, readBy }: Given) {
  return (
    <header className="head">
      <Name id={cell.id} name={cell.name} />
      <EngineName cell={cell} />
      <Deps cell={cell} reads={reads} readBy={readBy} />
      {run.state === 'queued' ? <Queued reads={reads} /> : <Editing id={cell.id} />}
      <Acts cell={cell} running={run.state === 'running' || run.state === 'queued'} />
    </header>
  );
});

function Queued({ reads }: { reads: string[] }) {
  const waiting = useView((view) => {
    const first = view.cells.find(
      (each) => reads.includes(each.cell.name) && (each.run.state === 'running' || each.run.state === 'queued'),
    );
    return first?.cell.name ?? '';
  });
  return (
    <span className="say mut">
      <span>Queued{waiting && <span className="wide">, runs after {waiting}</span>}</span>
    </span>
  );
}

/** Who else has the focus in this cell. */
function Editing({ id }: { id: string }) {
  const people = useView((view) => view.people);
  const here = people.filter((person) => !person.isSelf && person.cellId === id);
  if (here.length === 0) return null;
  return (
    <span className="say">
      <Avatar person={{ id: here[0]!.userId, name: here[0]!.name }} size="small" />
      <span className="wide">
        {listed(here.map((person) => person.name))} {here.length === 1 ? 'is' : 'are'} editing
      </span>
    </span>
  );
}
