import { describe, expect, it } from 'vitest';
import { actFor, chordOf, type Key } from './act.ts';

function press(key: string, ...held: ('meta' | 'ctrl' | 'shift' | 'alt')[]): Key {
  return {
    key,
    metaKey: held.includes('meta'),
    ctrlKey: held.includes('ctrl'),
    shiftKey: held.includes('shift'),
    altKey: held.includes('alt'),
  };
}

describe('keys of a notebook', () => {
  it('Ctrl and ⌘ are one', () => {
    expect(actFor(press('Enter', 'ctrl'), 'text')).toBe('run');
    expect(actFor(press('Enter', 'meta'), 'text')).toBe('run');
  });

  it('plain letters act on a cell and are text in text', () => {
    for (const [key, act] of [
      ['a', 'add-above'],
      ['b', 'add-below'],
      ['p', 'promote'],
      ['m', 'markdown'],
    ] as const) {
      expect(actFor(press(key), 'cell')).toBe(act);
      expect(actFor(press(key), 'text')).toBeNull();
      expect(actFor(press(key), 'field')).toBeNull();
    }
  });

  it('Enter, arrows, Backspace and Delete belong to the text while in it', () => {
    for (const key of ['Enter', 'ArrowUp', 'ArrowDown', 'Backspace', 'Delete']) {
      expect(actFor(press(key), 'text')).toBeNull();
      expect(actFor(press(key), 'field')).toBeNull();
      expect(actFor(press(key), 'cell')).not.toBeNull();
    }
  });

  it('run, run and advance, run stale, stop and fix are told apart', () => {
    expect(actFor(press('Enter', 'shift'), 'text')).toBe('run-advance');
    expect(actFor(press('Enter', 'ctrl', 'shift'), 'text')).toBe('run-stale');
    expect(actFor(press('Escape', 'shift'), 'text')).toBe('stop');
    expect(actFor(press('.', 'ctrl'), 'text')).toBe('fix');
  });

  it('a capital letter with shift is no plain letter', () => {
    expect(actFor(press('A', 'shift'), 'cell')).toBeNull();
    expect(actFor(press('Z', 'ctrl', 'shift'), 'cell')).toBe('redo');
  });

  it('Ctrl with a letter that is ours alone is not ours', () => {
    expect(actFor(press('a', 'ctrl'), 'cell')).toBeNull();
    expect(actFor(press('b', 'ctrl'), 'cell')).toBeNull();
    expect(actFor(press('p', 'ctrl'), 'cell')).toBeNull();
  });

  it('a chord is written with its modifiers in one order', () => {
    expect(chordOf(press('Q', 'alt', 'shift', 'ctrl'))).toBe('mod+shift+alt+q');
  });
});
