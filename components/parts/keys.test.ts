import { expect, test } from 'vitest';
import { isStroke, parseStroke, spellStroke } from './keys.ts';

const pressed = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

test('a stroke is spelled as it is printed on the keyboard at hand', () => {
  expect(spellStroke('shift+mod+enter', true)).toBe('⇧⌘↵');
  expect(spellStroke('shift+mod+enter', false)).toBe('Ctrl ⇧ ↵');
  expect(spellStroke('n', false)).toBe('N');
  expect(spellStroke('mod+\\', true)).toBe('⌘\\');
});

test('mod is Ctrl or ⌘, whichever was pressed', () => {
  expect(isStroke(pressed('k', { ctrlKey: true }), 'mod+k')).toBe(true);
  expect(isStroke(pressed('k', { metaKey: true }), 'mod+k')).toBe(true);
  expect(isStroke(pressed('k'), 'mod+k')).toBe(false);
});

test('a letter alone is not the letter with something held', () => {
  expect(isStroke(pressed('n'), 'n')).toBe(true);
  expect(isStroke(pressed('N', { shiftKey: true }), 'n')).toBe(false);
  expect(isStroke(pressed('n', { altKey: true }), 'n')).toBe(false);
});

test('a sign may need shift on some keyboards and not on others', () => {
  expect(isStroke(pressed('?', { shiftKey: true }), '?')).toBe(true);
  expect(isStroke(pressed('\\', { ctrlKey: true }), 'mod+\\')).toBe(true);
  expect(isStroke(pressed('/'), '/')).toBe(true);
});

test('a sign with shift is found by its place, whatever sign shift makes of it', () => {
  expect(isStroke({ ...pressed('|', { ctrlKey: true, shiftKey: true }), code: 'Backslash' }, 'shift+mod+\\')).toBe(
    true,
  );
  expect(isStroke({ ...pressed('|', { ctrlKey: true, shiftKey: true }), code: 'Backslash' }, 'mod+\\')).toBe(false);
});

test('names of keys become the names events carry', () => {
  expect(parseStroke('alt+up')).toEqual({ mod: false, shift: false, alt: true, key: 'arrowup' });
  expect(isStroke(pressed('Escape'), 'esc')).toBe(true);
});
