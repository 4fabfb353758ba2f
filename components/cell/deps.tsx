'use client';
import { Fragment } from 'react';
import { useFrame } from '#components/frame/use-layout.ts';
import { useHere } from '#components/notebook/context.tsx';
import type { TableThere } from '#components/notebook/desk.ts';
import { focusCell } from '#components/notebook/focus.ts';
import type { ConnectionEntry } from '#lib/connection/view.ts';
import type { Cell } from '#lib/notebook/cell.ts';

/** What the cell reads, as links, and what reads it. */
export function Deps({ cell, reads, readBy }: { cell: Cell; reads: string[]; readBy: string[] }) {
  if (reads.length === 0 && readBy.length === 0) return <span className="deps" />;
  return (
    <span className="deps" title={readBy.length > 0 ? `Read by ${readBy.join(', ')}` : undefined}>
      {reads.length > 0 && 'reads '}
      {reads.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && ' '}
          <NameLink name={name} reader={cell} />
        </Fragment>
      ))}
      {readBy.length > 0 && `${reads.length > 0 ? ', r' : 'r'}ead by `}
      {readBy.length === 1 ? <NameLink name={readBy[0]!} /> : readBy.length > 1 && readBy.length}
    </span>
  );
}

/** Goes to the cell of that name, or shows the columns of the dataset, the file or the cluster's table. */
export function NameLink({ name, reader }: { name: string; reader?: Cell }) {
  const { store, desk } = useHere();
  const { showPanel } = useFrame();
  const go = () => {
    const { cells, connections, datasets, files, streams } = store.snapshot();
    const cell = cells.find((each) => each.cell.name === name)?.cell;
    if (cell) return focusCell(desk, cell.id);
    const isOurs = [...datasets, ...files, ...streams].some((each) => each.name === name);
    const connection =
      reader?.engine === 'trino' ? connections?.find((each) => each.id === reader.connection) : undefined;
    desk.set({ panel: 'data', table: name, there: connection && !isOurs ? thereOf(name, connection) : null });
    showPanel();
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

/** Where a name that a text on the cluster reads stands; null where it cannot be told. */
export function thereOf(name: string, { id, catalog, schema }: ConnectionEntry): TableThere | null {
  const parts = name.split('.');
  const path = [...[catalog, schema].slice(0, Math.max(0, 3 - parts.length)), ...parts];
  if (path.length !== 3 || !path.every(Boolean)) return null;
  return { connection: id, catalog: path[0]!, schema: path[1]!, name: path[2]! };
}
