import type { Desk } from './desk.ts';

/** The root element of a cell on this page. */
export function cellElement(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`section[data-cell-id="${CSS.escape(id)}"]`);
}

/** Makes a cell current and gives it, not its text, the focus. */
export function focusCell(desk: Desk, id: string): void {
  desk.set({ current: id });
  const element = cellElement(id);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: 'nearest' });
}

/** Goes into the text of a cell: its code, its words, its field. */
export function enterText(id: string): void {
  const element = cellElement(id);
  const target = element?.querySelector<HTMLElement>(
    '.monaco-editor textarea, .monaco-editor .native-edit-context, textarea, .code[tabindex], input, select, .seg button',
  );
  target?.focus();
}
