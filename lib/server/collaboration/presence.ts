import { colourOf } from '#lib/notebook/colour.ts';
import type { PresenceEntry, PresenceState } from './presence-frame.ts';

/*
 * Who is in a room. A socket speaks for one client id, the first it names that nobody else holds, and for nothing else:
 * stock clients also repeat what they heard of others, which is dropped without a word. `user` is always written here,
 * from the session. Clocks are written here too: they follow the wall clock, so that a client that reconnects with an
 * old clock, or a server that restarted, is believed at once.
 */

export interface Speaker {
  userId: string;
  name: string;
  /** Bound at its first word. */
  clientId: number | null;
}

interface Held {
  speaker: Speaker;
  clock: number;
  state: PresenceState;
}

export class Presence {
  #held = new Map<number, Held>();
  #last = 0;
  #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes what a socket says and returns what the others shall hear. */
  speak(speaker: Speaker, entries: readonly PresenceEntry[]): PresenceEntry[] {
    return entries.flatMap((entry) => this.#hear(speaker, entry) ?? []);
  }

  /** The socket is gone. */
  leave(speaker: Speaker): PresenceEntry[] {
    if (speaker.clientId === null || this.#held.get(speaker.clientId)?.speaker !== speaker) return [];
    return [this.#remove(speaker.clientId)];
  }

  /** Everyone but the asker. */
  others(speaker: Speaker): PresenceEntry[] {
    const entries: PresenceEntry[] = [];
    for (const [clientId, { clock, state }] of this.#held)
      if (clientId !== speaker.clientId) entries.push({ clientId, clock, state });
    return entries;
  }

  #hear(speaker: Speaker, { clientId, state }: PresenceEntry): PresenceEntry | null {
    if (!this.#maySpeak(speaker, clientId, state)) return null;
    if (state === null) return this.#held.has(clientId) ? this.#remove(clientId) : null;
    speaker.clientId = clientId;
    const held = { speaker, clock: this.#tick(), state: stamp(speaker, state) };
    this.#held.set(clientId, held);
    return { clientId, clock: held.clock, state: held.state };
  }

  #maySpeak(speaker: Speaker, clientId: number, state: PresenceState | null): boolean {
    const holder = this.#held.get(clientId)?.speaker;
    if (speaker.clientId === null) return state !== null && isFree(holder, speaker);
    return speaker.clientId === clientId && isFree(holder, speaker);
  }

  #remove(clientId: number): PresenceEntry {
    this.#held.delete(clientId);
    return { clientId, clock: this.#tick(), state: null };
  }

  #tick(): number {
    this.#last = Math.max(this.#last + 1, this.#now());
    return this.#last;
  }
}

/** A person who reconnects may take over from the socket that has not noticed yet. */
function isFree(holder: Speaker | undefined, speaker: Speaker): boolean {
  return holder === undefined || holder === speaker || holder.userId === speaker.userId;
}

function stamp(speaker: Speaker, state: PresenceState): PresenceState {
  const user = { id: speaker.userId, name: speaker.name, colour: colourOf(speaker.userId) };
  return { ...state, user };
}
