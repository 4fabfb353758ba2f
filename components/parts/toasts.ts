/*
 * Toasts are only for what happened out of sight and can be taken back: one at a time, eight seconds, bottom left.
 * One store a page, so that any part may show one without being handed a function.
 */
export interface Toast {
  text: string;
  /** Takes it back. */
  undo?: () => void;
}

const life = 8_000;
let shown: Toast | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(toast: Toast | null): void {
  clearTimeout(timer);
  shown = toast;
  for (const listener of listeners) listener();
}

export function showToast(toast: Toast): void {
  set(toast);
  resumeToast();
}

export function closeToast(): void {
  set(null);
}

/** A pointer or the focus is on it: it waits. */
export function holdToast(): void {
  clearTimeout(timer);
}

export function resumeToast(): void {
  clearTimeout(timer);
  timer = setTimeout(closeToast, life);
}

export function readToast(): Toast | null {
  return shown;
}

export function watchToast(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
