import type { editor } from 'monaco-editor';
import type { Text, YTextEvent } from 'yjs';
import type { Monaco } from './monaco.ts';
import { editsOf, shifted, writeChanges, type TextEdit } from './text-edit.ts';

/*
 * One text, two holders: the cell's Y.Text is the truth, the editor's model follows it and writes into it. Our own
 * instead of y-monaco, because its edits must carry the notebook's origin for undo to take them back, and because a
 * caret must stay where it is when someone types at the same place.
 */

/** Binds until the returned function is called. */
export function bindText(monaco: Monaco, text: Text, view: editor.IStandaloneCodeEditor, origin: unknown): () => void {
  const model = view.getModel();
  if (!model || !text.doc) return () => {};
  const doc = text.doc;
  let writing = false;
  let reading = false;
  model.setEOL(monaco.editor.EndOfLineSequence.LF);
  if (model.getValue() !== text.toString()) model.setValue(text.toString());

  const typed = model.onDidChangeContent((event) => {
    if (reading) return;
    writing = true;
    doc.transact(() => writeChanges(text, event.changes), origin);
    writing = false;
  });
  const arrived = (event: YTextEvent) => {
    if (writing) return;
    reading = true;
    applyEdits(monaco, view, model, editsOf(event.delta));
    reading = false;
  };
  text.observe(arrived);
  return () => {
    typed.dispose();
    text.unobserve(arrived);
  };
}

function applyEdits(
  monaco: Monaco,
  view: editor.IStandaloneCodeEditor,
  model: editor.ITextModel,
  edits: TextEdit[],
): void {
  const carets = (view.getSelections() ?? []).map((selection) => ({
    anchor: model.getOffsetAt({
      lineNumber: selection.selectionStartLineNumber,
      column: selection.selectionStartColumn,
    }),
    head: model.getOffsetAt({ lineNumber: selection.positionLineNumber, column: selection.positionColumn }),
  }));
  model.applyEdits(
    edits.map((edit) => ({
      range: monaco.Range.fromPositions(
        model.getPositionAt(edit.offset),
        model.getPositionAt(edit.offset + edit.length),
      ),
      text: edit.text,
    })),
  );
  if (!view.hasTextFocus()) return;
  view.setSelections(
    carets.map(({ anchor, head }) => {
      const from = model.getPositionAt(shifted(anchor, edits));
      const to = model.getPositionAt(shifted(head, edits));
      return new monaco.Selection(from.lineNumber, from.column, to.lineNumber, to.column);
    }),
  );
}
