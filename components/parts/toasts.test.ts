import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeToast, holdToast, readToast, resumeToast, showToast, watchToast } from './toasts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  closeToast();
  vi.useRealTimers();
});

test('a toast goes after eight seconds', () => {
  showToast({ text: 'Cell deleted' });
  vi.advanceTimersByTime(7_999);
  expect(readToast()?.text).toBe('Cell deleted');
  vi.advanceTimersByTime(1);
  expect(readToast()).toBeNull();
});

test('the newest replaces the one before, with its own eight seconds', () => {
  showToast({ text: 'first' });
  vi.advanceTimersByTime(5_000);
  showToast({ text: 'second' });
  vi.advanceTimersByTime(5_000);
  expect(readToast()?.text).toBe('second');
});

test('a toast under the pointer waits', () => {
  showToast({ text: 'Cell deleted' });
  holdToast();
  vi.advanceTimersByTime(60_000);
  expect(readToast()).not.toBeNull();
  resumeToast();
  vi.advanceTimersByTime(8_000);
  expect(readToast()).toBeNull();
});

test('watchers hear each change until they leave', () => {
  let heard = 0;
  const leave = watchToast(() => (heard += 1));
  showToast({ text: 'one' });
  closeToast();
  leave();
  showToast({ text: 'two' });
  expect(heard).toBe(2);
});
