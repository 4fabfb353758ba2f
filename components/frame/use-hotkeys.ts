import { useEffect, useRef } from 'react';
import { readCommands, type Command } from './commands.ts';
import { hear, isForText } from './hotkey.ts';

/** Listens for the keys of bound commands. A sequence is forgotten after a second. */
export function useHotkeys(perform: (command: Command) => void): void {
  const pending = useRef<{ key: string; until: number } | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || isForText(event)) return;
      const waiting = pending.current && pending.current.until > event.timeStamp ? pending.current.key : null;
      const heard = hear(readCommands(), waiting, event);
      pending.current = heard.pending === null ? null : { key: heard.pending, until: event.timeStamp + 1_000 };
      if (!heard.command) return;
      event.preventDefault();
      perform(heard.command);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [perform]);
}
