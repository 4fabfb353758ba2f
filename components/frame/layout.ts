/*
 * What of the frame is in sight. `auto` follows the width: beside the page from 1100 px, away below. A person's choice
 * (⌘\ and ⇧⌘\) is `open` or `closed`; below 1100 an open one lies over the page.
 */
export type Shown = 'auto' | 'open' | 'closed';

export const wideFrom = 1101;

export function isShown(shown: Shown, wide: boolean): boolean {
  return shown === 'auto' ? wide : shown === 'open';
}

export function toggled(shown: Shown, wide: boolean): Shown {
  return isShown(shown, wide) ? 'closed' : 'open';
}

/** The grid's class for what stands beside the page when there is room. */
export function gridClass(side: boolean, panel: boolean): string {
  if (side) return panel ? 'app has-panel' : 'app';
  return panel ? 'app panel-only' : 'app no-side';
}
