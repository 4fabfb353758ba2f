import { isStroke, isWriting, type Pressed } from '#components/parts/keys.ts';
import type { Command } from './commands.ts';

/** What a key press means: a command, or the first stroke of a sequence (`g` of `g h`), or nothing. */
export interface Heard {
  command: Command | null;
  pending: string | null;
}

export function hear(commands: Command[], pending: string | null, event: Pressed): Heard {
  for (const command of commands) {
    if (!command.bound || !command.keys) continue;
    const strokes = command.keys.split(' ');
    if (pending !== null && strokes.length === 2 && strokes[0] === pending && isStroke(event, strokes[1] ?? '')) {
      return { command, pending: null };
    }
  }
  for (const command of commands) {
    if (!command.bound || !command.keys) continue;
    const [first = '', second] = command.keys.split(' ');
    if (!isStroke(event, first)) continue;
    return second ? { command: null, pending: first } : { command, pending: null };
  }
  return { command: null, pending: null };
}

/** Letters typed into a field, an editor or a dialog are text; strokes with Ctrl or ⌘ are commands everywhere. */
export function isForText(event: Pressed & { target: EventTarget | null }): boolean {
  return isWriting(event.target) && !(event.ctrlKey || event.metaKey);
}
