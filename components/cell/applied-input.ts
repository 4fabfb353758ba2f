import type { Text, YTextEvent } from 'yjs';
import { editsOf, shifted } from '#components/editor/text-edit.ts';

/** A text area on a Y.Text, both ways: what is typed is written as its difference, what others write leaves the caret where it is. */
export function applyInput(area: HTMLTextAreaElement, text: Text, origin: unknown): () => void {
  let writing = false;
  let known = text.toString();
  area.value = known;
  const typed = () => {
    const change = differenceOf(known, area.value);
    known = area.value;
    writing = true;
    text.doc?.transact(() => {
      if (change.length > 0) text.delete(change.offset, change.length);
      if (change.text) text.insert(change.offset, change.text);
    }, origin);
    writing = false;
  };
  const arrived = (event: YTextEvent) => {
    if (writing) return;
    const edits = editsOf(event.delta);
    const from = shifted(area.selectionStart, edits);
    const to = shifted(area.selectionEnd, edits);
    known = text.toString();
    area.value = known;
    area.setSelectionRange(from, to);
  };
  area.addEventListener('input', typed);
  text.observe(arrived);
  return () => {
    area.removeEventListener('input', typed);
    text.unobserve(arrived);
  };
}

/** The one place where two texts differ. */
export function differenceOf(before: string, after: string): { offset: number; length: number; text: string } {
  const room = Math.min(before.length, after.length);
  let start = 0;
  while (start < room && before[start] === after[start]) start++;
  let end = 0;
  while (end < room - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { offset: start, length: before.length - start - end, text: after.slice(start, after.length - end) };
}
