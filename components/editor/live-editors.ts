import type { editor as Code } from 'monaco-editor';

/* The editors that stand on this page, by cell: what is outside them may write where their caret is. */

const views = new Map<string, Code.IStandaloneCodeEditor>();

/** Says that a cell has an editor, until the returned function is called. */
export function sayEditor(cellId: string, view: Code.IStandaloneCodeEditor): () => void {
  views.set(cellId, view);
  return () => {
    if (views.get(cellId) === view) views.delete(cellId);
  };
}

export function editor(cellId: string): Code.IStandaloneCodeEditor | undefined {
  return views.get(cellId);
}
