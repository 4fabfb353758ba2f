import { boundsOf, moved, toTsv, type Extent, type Range, type Spot } from './range.ts';

/** What a key press in the grid leads to; fields left out stay as they are. */
export interface Pressed {
  range?: Range | null;
  open?: boolean;
  /** The cursor goes there. */
  go?: Spot;
}

export interface GridKeys {
  range: Range | null;
  extent: Extent;
  /** The row card is open. */
  opened: boolean;
  /** The first row in sight. */
  first: number;
  read(row: number, column: number): string | null;
}

interface Key {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
}

/** The grid's keys: arrows, ⌘A, ⌘C, space, Esc. Null for keys that are not its own. */
export function press(
  event: Key,
  { range, extent, opened, first, read }: GridKeys,
  copy: (text: string) => void = toClipboard,
): Pressed | null {
  const far = event.metaKey || event.ctrlKey;
  if (event.altKey || extent.rows === 0) return null;
  if (far && event.key === 'c' && range) {
    copy(toTsv(boundsOf(range), (row, column) => read(row, column) ?? ''));
    return {};
  }
  if (far && event.key === 'a') {
    return { range: { anchor: { row: 0, column: 0 }, cursor: { row: extent.rows - 1, column: extent.columns - 1 } } };
  }
  if (event.key === ' ' && range) return { open: !opened };
  if (event.key === 'Escape') return opened ? { open: false } : range ? { range: null } : null;
  if (!range) return moved({ row: first, column: 0 }, event.key, extent) ? { go: { row: first, column: 0 } } : null;
  const next = moved(range.cursor, event.key, extent, far);
  return next && { go: next };
}

function toClipboard(text: string): void {
  void navigator.clipboard?.writeText(text);
}
