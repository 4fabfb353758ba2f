'use client';
import { useEffect } from 'react';
import { declarationsOf, type DeclaredInput, type DeclaredTable } from '#components/editor/declarations.ts';
import { sayNames } from '#components/editor/typescript-language.ts';
import { count } from '#components/parts/words.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';
import type { NotebookHere } from './context.tsx';

/** Tells TypeScript cells' editors which names the notebook has, whenever they settle for a moment. */
export function useDeclarations({ store }: NotebookHere): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => sayNames(declarationsOf(tablesOf(store), inputsOf(store)));
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(tell, 400);
    };
    const stop = store.subscribe(later);
    later();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store]);
}

function tablesOf(store: NotebookStore): DeclaredTable[] {
  const { cells, datasets, files } = store.snapshot();
  const queries = cells
    .filter(({ cell }) => cell.type === 'sql' || cell.type === 'typescript')
    .map(({ cell }) => {
      const result = store.result(cell.id);
      const said = result
        ? `${count(result.rows, 'row')}, ${result.complete ? 'complete' : 'the first only'}`
        : 'not run yet';
      return {
        name: cell.name,
        columns: result?.columns ?? [],
        said: `${cell.type === 'sql' ? 'SQL' : 'TypeScript'} cell, ${said}`,
      };
    });
  const named = new Set(queries.map((each) => each.name));
  const others = [...files, ...datasets].map((each) => ({ ...each, said: `A table of ${count(each.rows, 'row')}` }));
  return [...queries, ...others.filter((each) => !named.has(each.name) && /^[A-Za-z_]\w*$/.test(each.name))];
}

function inputsOf(store: NotebookStore): DeclaredInput[] {
  return store
    .snapshot()
    .cells.flatMap(({ cell }) => (cell.input && cell.name ? [{ name: cell.name, kind: cell.input.kind }] : []));
}
