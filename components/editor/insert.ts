import { editor } from './live-editors.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';

/** Puts a text where the caret of a cell stands or last stood, else at the end of it. */
export function insertAtCaret(store: Pick<NotebookStore, 'act' | 'snapshot'>, cellId: string, text: string): void {
  const view = editor(cellId);
  const selection = view?.getSelection();
  if (view && selection) {
    view.executeEdits('catalogue', [{ range: selection, text, forceMoveMarkers: true }]);
    view.focus();
    return;
  }
  const source = store.snapshot().cells.find((each) => each.cell.id === cellId)?.cell.source ?? '';
  const gap = source === '' || /\s$/.test(source) ? '' : ' ';
  store.act.setSource(cellId, source + gap + text);
}
