import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { editsOf, shifted, writeChanges, type TextEdit } from './text-edit.ts';

function apply(text: string, edits: TextEdit[]): string {
  return edits.reduceRight(
    (now, edit) => now.slice(0, edit.offset) + edit.text + now.slice(edit.offset + edit.length),
    text,
  );
}

/** The text of a fresh Y.Text, with what a change to it says. */
function observed(before: string, change: (text: Y.Text) => void): { edits: TextEdit[]; after: string } {
  const text = new Y.Doc().getText();
  text.insert(0, before);
  let edits: TextEdit[] = [];
  text.observe((event) => {
    edits = editsOf(event.delta);
  });
  text.doc!.transact(() => change(text));
  return { edits, after: text.toString() };
}

const change = fc.record({ at: fc.nat(30), length: fc.nat(8), text: fc.string({ maxLength: 6 }) });

describe('a remote change', () => {
  it('leads to the same text, whatever it was made of', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.array(change, { maxLength: 5 }), (before, changes) => {
        const { edits, after } = observed(before, (text) => {
          for (const { at, length, text: words } of changes) {
            const place = Math.min(at, text.length);
            text.delete(place, Math.min(length, text.length - place));
            text.insert(place, words);
          }
        });
        expect(apply(before, edits)).toBe(after);
      }),
    );
  });

  it('a replacement is one edit', () => {
    const { edits } = observed('SELECT amuont', (text) => {
      text.delete(7, 6);
      text.insert(7, 'amount');
    });
    expect(edits).toHaveLength(1);
  });
});

describe('one’s own caret under remote changes', () => {
  it('moves with what is before it', () => expect(shifted(5, [{ offset: 0, length: 0, text: 'ab' }])).toBe(7));
  it('stays before what comes in at it', () => expect(shifted(5, [{ offset: 5, length: 0, text: 'ab' }])).toBe(5));
  it('stays where it is when the change is behind it', () =>
    expect(shifted(5, [{ offset: 6, length: 2, text: '' }])).toBe(5));
  it('falls to the start of what was removed around it', () =>
    expect(shifted(5, [{ offset: 3, length: 4, text: '' }])).toBe(3));
  it('adds up over several edits', () => {
    expect(
      shifted(10, [
        { offset: 0, length: 2, text: '' },
        { offset: 4, length: 0, text: 'xyz' },
      ]),
    ).toBe(11);
  });
});

describe('what an editor changed', () => {
  it('several places at once (many cursors) are all written where they were', () => {
    const text = new Y.Doc().getText();
    text.insert(0, 'a,b,c');
    writeChanges(text, [
      { rangeOffset: 1, rangeLength: 1, text: ';' },
      { rangeOffset: 3, rangeLength: 1, text: ' ; ' },
    ]);
    expect(text.toString()).toBe('a;b ; c');
  });
});
