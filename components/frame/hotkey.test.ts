import { expect, test } from 'vitest';
import type { Command } from './commands.ts';
import { hear } from './hotkey.ts';

const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false, shiftKey: false, altKey: false });
const command = (id: string, keys: string, bound = true): Command => ({ id, label: id, group: 'Do', keys, bound });
const commands = [
  command('new', 'n'),
  command('home', 'g h'),
  command('notebooks', 'g n'),
  command('palette', 'mod+k'),
  command('shown', 'p', false),
];

test('a key does its act', () => {
  expect(hear(commands, null, press('n')).command?.id).toBe('new');
  expect(hear(commands, null, press('k', true)).command?.id).toBe('palette');
});

test('the first key of a sequence waits for the second, which then means the sequence', () => {
  const first = hear(commands, null, press('g'));
  expect(first).toEqual({ command: null, pending: 'g' });
  expect(hear(commands, first.pending, press('n')).command?.id).toBe('notebooks');
});

test('a wrong second key does what it does alone', () => {
  expect(hear(commands, 'g', press('n')).command?.id).toBe('notebooks');
  expect(hear(commands, 'g', press('x'))).toEqual({ command: null, pending: null });
});

test('a key that is only shown is not listened for', () => {
  expect(hear(commands, null, press('p')).command).toBeNull();
});
