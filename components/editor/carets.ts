import type { editor } from 'monaco-editor';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Monaco } from './monaco.ts';

/*
 * Where the others are in a text. Each tab says its selection in the awareness field `selection` as relative positions
 * { anchor, head } (y-monaco's form, so that other clients read it); here they become a caret with a name for two
 * seconds after it moved, and a wash under what is selected.
 */

export interface Who {
  name: string;
  /** who-1 … who-6. */
  colour: string;
}

interface Caret {
  widget: editor.IContentWidget;
  node: HTMLElement;
  place: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

interface Seen {
  clientId: number;
  anchor: number;
  head: number;
}

const nameShown = 2000;

/** Says where this tab's own caret is, and shows the others', until the returned function is called. */
export function showCarets(
  monaco: Monaco,
  view: editor.IStandaloneCodeEditor,
  text: Y.Text,
  awareness: Awareness,
  who: (clientId: number) => Who | null,
): () => void {
  const model = view.getModel();
  if (!model) return () => {};
  const washes = view.createDecorationsCollection();
  const carets = new Map<number, Caret>();
  const draw = () => {
    if (model.isDisposed()) return;
    const seen = selectionsIn(text, awareness);
    washes.set(seen.flatMap((each) => wash(monaco, model, each, who(each.clientId))));
    for (const each of seen) place(view, model, carets, each, who(each.clientId));
    for (const clientId of carets.keys()) {
      if (!seen.some((each) => each.clientId === clientId)) drop(view, carets, clientId);
    }
  };
  const say = () => {
    const selection = view.getSelection();
    if (!selection || !view.hasTextFocus()) return;
    const at = (lineNumber: number, column: number) =>
      Y.createRelativePositionFromTypeIndex(text, model.getOffsetAt({ lineNumber, column }));
    awareness.setLocalStateField('selection', {
      anchor: at(selection.selectionStartLineNumber, selection.selectionStartColumn),
      head: at(selection.positionLineNumber, selection.positionColumn),
    });
  };
  const heard = [
    view.onDidChangeCursorSelection(say),
    view.onDidFocusEditorText(say),
    view.onDidBlurEditorText(() => awareness.setLocalStateField('selection', null)),
    model.onDidChangeContent(() => queueMicrotask(draw)),
  ];
  awareness.on('change', draw);
  draw();
  return () => {
    awareness.off('change', draw);
    for (const each of heard) each.dispose();
    for (const clientId of carets.keys()) drop(view, carets, clientId);
    washes.clear();
  };
}

/** The others' selections that lie in this text, as offsets. */
export function selectionsIn(text: Y.Text, awareness: Awareness): Seen[] {
  const seen: Seen[] = [];
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue;
    const anchor = offsetIn(text, state.selection?.anchor);
    const head = offsetIn(text, state.selection?.head);
    if (anchor !== null && head !== null) seen.push({ clientId, anchor, head });
  }
  return seen;
}

/** What others say is not believed: anything that is no position in this text is nowhere. */
function offsetIn(text: Y.Text, said: unknown): number | null {
  if (!text.doc || typeof said !== 'object' || said === null) return null;
  try {
    const at = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(said), text.doc);
    return at?.type === text ? at.index : null;
  } catch {
    return null; // malformed presence of another client
  }
}

function wash(monaco: Monaco, model: editor.ITextModel, seen: Seen, who: Who | null): editor.IModelDeltaDecoration[] {
  if (!who || seen.anchor === seen.head) return [];
  const from = model.getPositionAt(Math.min(seen.anchor, seen.head));
  const to = model.getPositionAt(Math.max(seen.anchor, seen.head));
  return [{ range: monaco.Range.fromPositions(from, to), options: { className: `sel ${who.colour}` } }];
}

function place(
  view: editor.IStandaloneCodeEditor,
  model: editor.ITextModel,
  carets: Map<number, Caret>,
  seen: Seen,
  who: Who | null,
): void {
  if (!who) return drop(view, carets, seen.clientId);
  const caret = carets.get(seen.clientId) ?? make(view, carets, seen.clientId, model);
  const position = model.getPositionAt(seen.head);
  const atEnd = position.lineNumber === 1 || position.column === model.getLineMaxColumn(position.lineNumber);
  const moved = caret.place !== seen.head;
  caret.node.className = `caret ${who.colour}${atEnd ? ' end' : ''}`;
  caret.node.firstElementChild!.textContent = who.name;
  caret.place = seen.head;
  view.layoutContentWidget(caret.widget);
  if (moved) nameIt(caret);
}

function make(
  view: editor.IStandaloneCodeEditor,
  carets: Map<number, Caret>,
  clientId: number,
  model: editor.ITextModel,
): Caret {
  const node = document.createElement('span');
  node.append(document.createElement('b'));
  const caret: Caret = { node, place: -1, timer: undefined, widget: widgetOf() };
  carets.set(clientId, caret);
  view.addContentWidget(caret.widget);
  return caret;

  function widgetOf(): editor.IContentWidget {
    return {
      suppressMouseDown: true,
      getId: () => `caret-${clientId}`,
      getDomNode: () => node,
      getPosition: () => ({ position: model.getPositionAt(Math.max(0, caret.place)), preference: [0] }),
    };
  }
}

function nameIt(caret: Caret): void {
  clearTimeout(caret.timer);
  caret.node.dataset.named = '';
  caret.timer = setTimeout(() => delete caret.node.dataset.named, nameShown);
}

function drop(view: editor.IStandaloneCodeEditor, carets: Map<number, Caret>, clientId: number): void {
  const caret = carets.get(clientId);
  if (!caret) return;
  clearTimeout(caret.timer);
  carets.delete(clientId);
  view.removeContentWidget(caret.widget);
}
