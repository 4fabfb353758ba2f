/** Keys are written as `mod+enter`, `shift+mod+enter`, `n`, `g r` (one after the other). `mod` is ⌘ on a Mac, Ctrl elsewhere. */
export interface Stroke {
  mod: boolean;
  shift: boolean;
  alt: boolean;
  /** As KeyboardEvent.key, in lower case. */
  key: string;
}

const named: Record<string, string> = {
  enter: '↵',
  esc: 'Esc',
  escape: 'Esc',
  backspace: '⌫',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  space: 'Space',
  tab: 'Tab',
};
const events: Record<string, string> = {
  esc: 'escape',
  up: 'arrowup',
  down: 'arrowdown',
  left: 'arrowleft',
  right: 'arrowright',
  space: ' ',
};

// With shift held these keys send another sign.
const places: Record<string, string> = { '\\': 'Backslash', '.': 'Period', '/': 'Slash' };

export function parseStroke(text: string): Stroke {
  const parts = text.toLowerCase().split('+');
  const key = parts.pop() || '+';
  return {
    mod: parts.includes('mod'),
    shift: parts.includes('shift'),
    alt: parts.includes('alt'),
    key: events[key] ?? key,
  };
}

/** As it is printed on a key: `⇧⌘↵` on a Mac, `Ctrl ⇧ ↵` elsewhere. */
export function spellStroke(text: string, mac: boolean): string {
  const parts = text.toLowerCase().split('+');
  const key = parts.pop() || '+';
  const held = mac
    ? [parts.includes('alt') && '⌥', parts.includes('shift') && '⇧', parts.includes('mod') && '⌘']
    : [parts.includes('mod') && 'Ctrl', parts.includes('alt') && 'Alt', parts.includes('shift') && '⇧'];
  return [...held.filter(Boolean), named[key] ?? key.toUpperCase()].join(mac ? '' : ' ');
}

export interface Pressed {
  key: string;
  /** The key's place on the keyboard, where known. */
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

export function isStroke(event: Pressed, text: string): boolean {
  const stroke = parseStroke(text);
  const isKey = event.key.toLowerCase() === stroke.key;
  const isPlace = places[stroke.key] !== undefined && event.code === places[stroke.key];
  // Some keyboards need shift to type a sign at all.
  const shiftFits = event.shiftKey === stroke.shift || (isKey && !stroke.shift && /^[^a-z0-9 ]$/.test(stroke.key));
  return (
    (isKey || isPlace) && shiftFits && (event.ctrlKey || event.metaKey) === stroke.mod && event.altKey === stroke.alt
  );
}

/** Someone is writing: single keys are letters then, not commands. */
export function isWriting(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(
    element?.closest?.('input, textarea, select, [contenteditable], .monaco-editor, [role="dialog"], [role="menu"]'),
  );
}
