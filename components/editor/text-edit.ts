/*
 * Between a Y.Text and an editor: a remote change as edits of the old text, where one's own caret stands after
 * them, and an editor's own changes written into the Y.Text. Offsets are UTF-16 units on both sides.
 */

/** Replaces `length` units at `offset` of the old text. */
export interface TextEdit {
  offset: number;
  length: number;
  text: string;
}

export interface DeltaStep {
  retain?: number;
  insert?: unknown;
  delete?: number;
}

/** A Yjs delta as edits that all speak of the text before it, in order. */
export function editsOf(delta: readonly DeltaStep[]): TextEdit[] {
  const edits: TextEdit[] = [];
  let offset = 0;
  for (const step of delta) {
    if (step.retain !== undefined) offset += step.retain;
    else {
      const edit = editAt(edits, offset);
      if (typeof step.insert === 'string') edit.text += step.insert;
      if (step.delete !== undefined) {
        edit.length += step.delete;
        offset += step.delete;
      }
    }
  }
  return edits;
}

/** Where a place of the old text is in the new one. Text that comes in at the place itself comes after it. */
export function shifted(place: number, edits: readonly TextEdit[]): number {
  let shift = 0;
  for (const edit of edits) {
    if (edit.offset >= place) break;
    if (edit.offset + edit.length > place) return edit.offset + shift + Math.min(edit.text.length, place - edit.offset);
    shift += edit.text.length - edit.length;
  }
  return place + shift;
}

/** What an editor says it changed; ranges speak of the text before all of them. */
export interface EditorChange {
  rangeOffset: number;
  rangeLength: number;
  text: string;
}

interface WritableText {
  insert(at: number, text: string): void;
  delete(at: number, length: number): void;
}

/** Writes an editor's changes, the last place first so that the others stay where they are. */
export function writeChanges(text: WritableText, changes: readonly EditorChange[]): void {
  for (const change of [...changes].sort((a, b) => b.rangeOffset - a.rangeOffset)) {
    if (change.rangeLength > 0) text.delete(change.rangeOffset, change.rangeLength);
    if (change.text) text.insert(change.rangeOffset, change.text);
  }
}

function editAt(edits: TextEdit[], offset: number): TextEdit {
  const last = edits.at(-1);
  if (last && last.offset + last.length === offset) return last;
  const edit = { offset, length: 0, text: '' };
  edits.push(edit);
  return edit;
}
