'use client';
import { Fragment } from 'react';
import { useHere } from '#components/notebook/context.tsx';
import { focusCell } from '#components/notebook/focus.ts';

/** What the cell reads, as links, and what reads it. */
export function Deps({ reads, readBy }: { reads: string[]; readBy: string[] }) {
  if (reads.length === 0 && readBy.length === 0) return <span className="deps" />;
  return (
    <span className="deps" title={readBy.length > 0 ? `Read by ${readBy.join(', ')}` : undefined}>
      {reads.length > 0 && 'reads '}
      {reads.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && ' '}
          <NameLink name={name} />
        </Fragment>
      ))}
      {readBy.length > 0 && `${reads.length > 0 ? ', r' : 'r'}ead by `}
      {readBy.length === 1 ? <NameLink name={readBy[0]!} /> : readBy.length > 1 && readBy.length}
    </span>
  );
}

/** Goes to the cell of that name, or shows the dataset's columns. */
export function NameLink({ name }: { name: string }) {
  const { store, desk } = useHere();
  const go = () => {
    const cell = store.snapshot().cells.find((each) => each.cell.name === name)?.cell;
    if (cell) focusCell(desk, cell.id);
    else desk.set({ panel: 'data', table: name, there: null });
  };
  return (
    <a
      href={`#${name}`}
      onClick={(event) => {
        event.preventDefault();
        go();
      }}
    >
      {name}
    </a>
  );
}
