import { describe, expect, it } from 'vitest';
import { makeDesk, neighbour, stepFrom } from './desk.ts';

describe('the desk', () => {
  it('tells of a change once, and of no change not at all', () => {
    const desk = makeDesk();
    let told = 0;
    const stop = desk.watch(() => told++);
    desk.set({ current: 'a' });
    desk.set({ current: 'a' });
    expect(told).toBe(1);
    stop();
    desk.set({ current: 'b' });
    expect(told).toBe(1);
  });

  it('gives the same state until it changes', () => {
    const desk = makeDesk();
    expect(desk.read()).toBe(desk.read());
    const before = desk.read();
    desk.set({ panel: 'chart' });
    expect(desk.read()).not.toBe(before);
  });
});

describe('going from cell to cell', () => {
  const ids = ['a', 'b', 'c'];
  it('stays at the ends', () => {
    expect(stepFrom(ids, 'c', 1)).toBe('c');
    expect(stepFrom(ids, 'a', -1)).toBe('a');
  });
  it('from nowhere begins at the near end', () => {
    expect(stepFrom(ids, null, 1)).toBe('a');
    expect(stepFrom(ids, 'gone', -1)).toBe('c');
    expect(stepFrom([], null, 1)).toBeNull();
  });
  it('a removed cell gives way to the next, the last to the one before', () => {
    expect(neighbour(ids, 'b')).toBe('c');
    expect(neighbour(ids, 'c')).toBe('b');
    expect(neighbour(['a'], 'a')).toBeNull();
  });
});
