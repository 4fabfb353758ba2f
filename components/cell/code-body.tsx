'use client';
import { useCallback, useMemo } from 'react';
import { Text } from 'yjs';
import { CodeEditor } from '#components/editor/code-editor.tsx';
import { StaticCode } from '#components/editor/static-code.tsx';
import { useHere, useMayEdit } from '#components/notebook/context.tsx';
import { focusCell } from '#components/notebook/focus.ts';
import { namesOf } from '#components/notebook/names.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import type { NotebookStore, RunView } from '#lib/client/notebook/store.ts';
import { AdviceLine } from './advice.tsx';
import { Outcome } from './outcome.tsx';
import { useAdvice } from './use-advice.ts';

const teaching = {
  sql: 'SELECT … FROM a dataset, a file you dropped, or another cell by its name',
  typescript: 'export const total = … use other cells by their names',
};

/** The code of a SQL or TypeScript cell, and what came of it. */
export function CodeBody({ cell, run }: { cell: Cell; run: RunView }) {
  const { store, desk } = useHere();
  const mayEdit = useMayEdit();
  const advice = useAdvice(cell);
  const text = useMemo(() => textOf(store, cell.id), [store, cell.id]);
  const who = useCallback(
    (clientId: number) => store.snapshot().people.find((person) => person.clientId === clientId) ?? null,
    [store],
  );
  const language = cell.type === 'sql' ? 'sql' : 'typescript';
  const label = `${language === 'sql' ? 'SQL' : 'TypeScript'} of ${cell.name}`;
  if (!text)
    return <StaticCode source={cell.source} language={language} label={label} placeholder={teaching[language]} />;
  return (
    <>
      <CodeEditor
        cellId={cell.id}
        text={text}
        source={cell.source}
        language={language}
        label={label}
        placeholder={teaching[language]}
        readOnly={!mayEdit}
        error={run.state === 'failed' ? run.error : null}
        wrong={advice?.source === cell.source ? advice.problem : null}
        origin={store.origin}
        awareness={store.awareness}
        who={who}
        names={() => namesOf(store, cell.id)}
        onLeave={() => focusCell(desk, cell.id)}
        onUndo={() => store.act.undo()}
        onRedo={() => store.act.redo()}
      />
      {cell.engine === 'trino' && mayEdit && (
        <AdviceLine advice={advice} said={run.state === 'failed' ? run.error?.message : undefined} />
      )}
      <Outcome cell={cell} run={run} />
    </>
  );
}

/** The cell's Y.Text; null when the cell was removed meanwhile. */
export function textOf(store: NotebookStore, id: string): Text | null {
  const cell = store.doc.getMap<{ get(key: string): unknown }>('cells').get(id);
  const source = cell?.get('source');
  return source instanceof Text ? source : null;
}
