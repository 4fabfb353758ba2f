import * as Y from 'yjs';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { afterEach, expect, test } from 'vitest';
import { colourOf } from '#lib/notebook/colour.ts';
import { Presence, type Speaker } from './presence.ts';
import { encodePresence, readPresence } from './presence-frame.ts';

const person = (userId: string): Speaker => ({ userId, name: userId.toUpperCase(), clientId: null });
const state = (clientId: number, state: Record<string, unknown> | null) => ({ clientId, clock: 1, state });
const open: Awareness[] = [];

afterEach(() => {
  for (const awareness of open.splice(0)) awareness.destroy();
});

test('identity is written by the server, whatever the client says', () => {
  const presence = new Presence(() => 0);
  const [heard] = presence.speak(person('ada'), [state(7, { user: { id: 'eve', name: 'Eve' }, cellId: 'c1' })]);
  expect(heard?.state).toEqual({ user: { id: 'ada', name: 'ADA', colour: colourOf('ada') }, cellId: 'c1' });
});

test('a socket speaks for the first client id it names and for no other', () => {
  const presence = new Presence(() => 0);
  const ada = person('ada');
  expect(presence.speak(ada, [state(7, {}), state(8, {})])).toHaveLength(1);
  expect(presence.speak(ada, [state(8, {})])).toEqual([]);
});

test('nobody speaks for, or removes, a client id another person holds', () => {
  const presence = new Presence(() => 0);
  const ada = person('ada');
  const eve = person('eve');
  presence.speak(ada, [state(7, {})]);
  expect(presence.speak(eve, [state(7, { cellId: 'x' })])).toEqual([]);
  expect(presence.speak(eve, [state(7, null)])).toEqual([]);
  expect(presence.others(eve)).toHaveLength(1);
});

test('a person who reconnects takes their client id over from the old socket', () => {
  const presence = new Presence(() => 0);
  const before = person('ada');
  const after = person('ada');
  presence.speak(before, [state(7, {})]);
  expect(presence.speak(after, [state(7, {})])).toHaveLength(1);
  expect(presence.leave(before)).toEqual([]);
  expect(presence.leave(after)).toHaveLength(1);
});

test('one who leaves is removed for the others', () => {
  const presence = new Presence(() => 0);
  const ada = person('ada');
  presence.speak(ada, [state(7, {})]);
  expect(presence.leave(ada)[0]).toMatchObject({ clientId: 7, state: null });
  expect(presence.others(person('bob'))).toEqual([]);
});

test('nobody is told about themselves', () => {
  const presence = new Presence(() => 0);
  const ada = person('ada');
  presence.speak(ada, [state(7, {})]);
  presence.speak(person('bob'), [state(8, {})]);
  expect(presence.others(ada).map((entry) => entry.clientId)).toEqual([8]);
});

test('a stock client believes one who left and came back with the same clock', () => {
  const presence = new Presence(() => 1000);
  const awareness = stock();
  const hear = (entries: ReturnType<Presence['others']>) =>
    applyAwarenessUpdate(awareness, encodePresence(entries), 'server');
  const first = person('ada');
  hear(presence.speak(first, [state(7, { cellId: 'a' })]));
  hear(presence.leave(first));
  expect(awareness.getStates().has(7)).toBe(false);
  hear(presence.speak(person('ada'), [state(7, { cellId: 'b' })]));
  expect(awareness.getStates().get(7)).toMatchObject({ cellId: 'b' });
});

test('what a stock client writes is read, and the other way round', () => {
  const awareness = stock();
  awareness.setLocalState({ cellId: 'a' });
  const entries = readPresence(encodeAwarenessUpdate(awareness, [awareness.clientID]), 1000);
  expect(entries).toEqual([{ clientId: awareness.clientID, clock: 1, state: { cellId: 'a' } }]);
});

test('a state that is too big, no object, or no JSON is refused', () => {
  const body = (state: unknown) => encodePresence([{ clientId: 1, clock: 1, state: state as null }]);
  expect(() => readPresence(body({ big: 'x'.repeat(200) }), 100)).toThrow('a presence of');
  expect(() => readPresence(body([1]), 100)).toThrow('no object');
  expect(() => readPresence(Uint8Array.of(1, 1, 1, 1, 123), 100)).toThrow();
  expect(() => readPresence(Uint8Array.of(255, 255, 255, 15), 100)).toThrow();
});

function stock(): Awareness {
  const awareness = new Awareness(new Y.Doc());
  open.push(awareness);
  return awareness;
}
