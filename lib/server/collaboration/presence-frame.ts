import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** What one client says of itself; null when it leaves. */
export interface PresenceEntry {
  clientId: number;
  clock: number;
  state: PresenceState | null;
}

export type PresenceState = Record<string, unknown>;

/** Reads the body of an awareness frame. Throws when it is malformed or a state is over `maxBytes`. */
export function readPresence(body: Uint8Array, maxBytes: number): PresenceEntry[] {
  const decoder = decoding.createDecoder(body);
  const count = decoding.readVarUint(decoder);
  const entries: PresenceEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const clientId = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    entries.push({ clientId, clock, state: readState(decoding.readVarString(decoder), maxBytes) });
  }
  return entries;
}

function readState(json: string, maxBytes: number): PresenceState | null {
  if (json.length > maxBytes) throw new Error(`a presence of ${json.length} characters`);
  const state: unknown = JSON.parse(json);
  if (state === null) return null;
  if (typeof state !== 'object' || Array.isArray(state)) throw new Error('a presence that is no object');
  return state as PresenceState;
}

export function encodePresence(entries: readonly PresenceEntry[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, entries.length);
  for (const { clientId, clock, state } of entries) {
    encoding.writeVarUint(encoder, clientId);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, JSON.stringify(state));
  }
  return encoding.toUint8Array(encoder);
}
