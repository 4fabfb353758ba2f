'use client';
import { Fragment, useMemo, useRef } from 'react';
import { CellSection } from '#components/cell/cell.tsx';
import { InputRow } from '#components/cell/input-row.tsx';
import type { NotebookView } from '#lib/client/notebook/store.ts';
import { AddLine, AddRow } from './add.tsx';
import { useMayEdit, useView } from './context.tsx';
import { EmptyNotebook } from './empty.tsx';
import { groupsOf } from './groups.ts';

/** The cells in their order, with a place between each two to put another. */
export function CellList() {
  const shape = useShape();
  const groups = useMemo(() => groupsOf(shape), [shape]);
  const mayEdit = useMayEdit();
  if (groups.length === 0) return <EmptyNotebook />;
  return (
    <>
      {groups.map((group) => (
        <Fragment key={group.ids[0]}>
          {mayEdit && <AddLine before={group.ids[0]!} />}
          {group.inputs ? <InputRow ids={group.ids.join(' ')} /> : <CellSection id={group.ids[0]!} />}
        </Fragment>
      ))}
      {mayEdit && <AddRow />}
    </>
  );
}

/** The ids and types in order, as one text: another text only when the list itself changed. */
function useShape(): string {
  const kept = useRef('');
  return useView((view: NotebookView) => {
    const shape = view.cells.map(({ cell }) => `${cell.id}:${cell.type}`).join(' ');
    if (shape !== kept.current) kept.current = shape;
    return kept.current;
  });
}
