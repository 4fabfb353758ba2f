import type { Awareness } from 'y-protocols/awareness';
import { colourOf } from '#lib/notebook/colour.ts';
import type { Presence } from './store.ts';

/** Who has the notebook open, oneself first, then by name. The server stamps who each is; the rest is what a tab says of itself. */
export function peopleIn(awareness: Awareness, self: { id: string; name: string }): Presence[] {
  const others = [...awareness.getStates()].filter(([clientId]) => clientId !== awareness.clientID);
  const seen = others.flatMap(([clientId, state]) => toPresence(clientId, state) ?? []);
  const me = { clientId: awareness.clientID, userId: self.id, name: self.name, colour: colourOf(self.id) };
  const cellId = textOf(awareness.getLocalState()?.['cell']);
  return [
    { ...me, cellId, isSelf: true },
    ...seen.sort((a, b) => a.name.localeCompare(b.name) || a.clientId - b.clientId),
  ];
}

function toPresence(clientId: number, state: Record<string, unknown>): Presence | null {
  const user = state['user'];
  if (typeof user !== 'object' || user === null) return null;
  const { userId, id, name, colour } = user as Record<string, unknown>;
  const who = textOf(userId) ?? textOf(id);
  if (!who) return null;
  return {
    clientId,
    userId: who,
    name: textOf(name) ?? 'Someone',
    colour: /^who-[1-6]$/.test(String(colour)) ? String(colour) : colourOf(who),
    cellId: textOf(state['cell']),
    isSelf: false,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
