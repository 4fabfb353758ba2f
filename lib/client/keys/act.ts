/*
 * The keys of a notebook, in one table. Where the focus is decides which of them count: in text only chords that no
 * text wants, in a cell also plain letters, in a field next to nothing. ⌘ is Ctrl elsewhere.
 */

export type Act =
  | 'run'
  | 'run-advance'
  | 'run-stale'
  | 'stop'
  | 'fix'
  | 'move-up'
  | 'move-down'
  | 'leave-text'
  | 'enter-text'
  | 'add-above'
  | 'add-below'
  | 'remove'
  | 'duplicate'
  | 'rename'
  | 'markdown'
  | 'promote'
  | 'previous'
  | 'next'
  | 'undo'
  | 'redo'
  | 'side'
  | 'panel';

/** Where the focus is: in code, in a form field or grid, on a cell itself, or on the page. */
export type Place = 'text' | 'field' | 'cell' | 'page';

export interface Key {
  key: string;
  code?: string;
  metaKey: boolean;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

interface Rule {
  act: Act;
  /** Modifiers in the order mod, shift, alt, then the key: `mod+shift+Enter`. */
  chord: string;
  places: Place[];
}

const everywhere: Place[] = ['text', 'field', 'cell', 'page'];
const onCell: Place[] = ['cell'];

const rules: Rule[] = [
  { act: 'run', chord: 'mod+Enter', places: ['text', 'field', 'cell'] },
  { act: 'run-advance', chord: 'shift+Enter', places: ['text', 'cell'] },
  { act: 'run-stale', chord: 'mod+shift+Enter', places: everywhere },
  { act: 'stop', chord: 'shift+Escape', places: everywhere },
  { act: 'fix', chord: 'mod+.', places: ['text', 'field', 'cell'] },
  { act: 'move-up', chord: 'alt+ArrowUp', places: ['text', 'cell'] },
  { act: 'move-down', chord: 'alt+ArrowDown', places: ['text', 'cell'] },
  { act: 'side', chord: 'mod+\\', places: everywhere },
  { act: 'panel', chord: 'mod+shift+\\', places: everywhere },
  { act: 'panel', chord: 'mod+shift+|', places: everywhere },
  { act: 'leave-text', chord: 'Escape', places: ['field'] },
  { act: 'enter-text', chord: 'Enter', places: onCell },
  { act: 'add-above', chord: 'a', places: onCell },
  { act: 'add-below', chord: 'b', places: onCell },
  { act: 'remove', chord: 'Backspace', places: onCell },
  { act: 'remove', chord: 'Delete', places: onCell },
  { act: 'duplicate', chord: 'mod+d', places: onCell },
  { act: 'rename', chord: 'F2', places: ['text', 'cell'] },
  { act: 'markdown', chord: 'm', places: onCell },
  { act: 'promote', chord: 'p', places: onCell },
  { act: 'previous', chord: 'ArrowUp', places: onCell },
  { act: 'next', chord: 'ArrowDown', places: onCell },
  { act: 'undo', chord: 'mod+z', places: ['text', 'cell', 'page'] },
  { act: 'redo', chord: 'mod+shift+z', places: ['text', 'cell', 'page'] },
  { act: 'redo', chord: 'mod+y', places: ['text', 'cell', 'page'] },
];

/** The act a key means where the focus is, or null when it is not ours. */
export function actFor(key: Key, place: Place): Act | null {
  const chord = chordOf(key);
  return rules.find((rule) => rule.chord === chord && rule.places.includes(place))?.act ?? null;
}

/** How a key press is written in the table. */
export function chordOf(key: Key): string {
  const name = key.key.length === 1 ? key.key.toLowerCase() : key.key;
  const parts = [key.metaKey || key.ctrlKey ? 'mod' : '', key.shiftKey ? 'shift' : '', key.altKey ? 'alt' : ''];
  return [...parts.filter(Boolean), name].join('+');
}
