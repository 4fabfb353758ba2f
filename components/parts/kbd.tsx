'use client';
import { useSyncExternalStore } from 'react';
import { spellStroke } from './keys.ts';

const never = () => () => {};
const onMac = () => /Mac|iPhone|iPad/.test(navigator.platform);

export function useMac(): boolean {
  return useSyncExternalStore(never, onMac, () => false);
}

/** The key of an act, as this keyboard names it; a sequence (`g r`) is drawn key by key. Touch shows none. */
export function Kbd({ keys, wide }: { keys: string; wide?: boolean }) {
  const mac = useMac();
  return keys.split(' ').map((stroke, index) => (
    <kbd key={index} className={wide ? 'wide' : undefined}>
      {spellStroke(stroke, mac)}
    </kbd>
  ));
}
