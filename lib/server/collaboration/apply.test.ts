import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { applyAll } from './apply.ts';

const never = {
  blame: () => {
    throw new Error('nobody is to blame');
  },
  took: () => {},
};

/** A document and the updates its typing made. */
function typist(clientId: number) {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const updates: { update: Uint8Array }[] = [];
  doc.on('update', (update: Uint8Array) => updates.push({ update }));
  return { doc, updates, type: (text: string) => doc.getText('t').insert(doc.getText('t').length, text) };
}

function read(data: readonly Uint8Array[]): string {
  const doc = new Y.Doc();
  for (const update of data) Y.applyUpdate(doc, update);
  return doc.getText('t').toString();
}

test('what came together is stored as one', () => {
  const ada = typist(1);
  for (const letter of 'hello') ada.type(letter);
  const applied = applyAll(new Y.Doc(), ada.updates, never);
  expect(applied.data).toHaveLength(1);
  expect(read(applied.data)).toBe('hello');
});

test('what is known already is not stored again', () => {
  const ada = typist(1);
  ada.type('hello');
  ada.doc.getText('t').delete(0, 1);
  const doc = new Y.Doc();
  applyAll(doc, ada.updates, never);
  expect(applyAll(doc, [{ update: Y.encodeStateAsUpdate(ada.doc) }], never).data).toEqual([]);
});

test('what waits for an update that is missing is stored all the same', () => {
  const ada = typist(1);
  ada.type('a');
  ada.type('b');
  ada.type('c');
  const doc = new Y.Doc();
  const [first, second, third] = ada.updates as [
    { update: Uint8Array },
    { update: Uint8Array },
    { update: Uint8Array },
  ];
  const early = applyAll(doc, [third], never).data;
  expect(early).toHaveLength(1);
  const late = applyAll(doc, [first, second], never).data;
  expect(doc.getText('t').toString()).toBe('abc');
  expect(read([...early, ...late])).toBe('abc');
});

test('an update that throws is blamed, its neighbours are kept, and the document is called unsound', () => {
  const ada = typist(1);
  ada.type('kept');
  const bad = { update: Uint8Array.of(1, 255, 255) };
  const blamed: unknown[] = [];
  const applied = applyAll(new Y.Doc(), [bad, ...ada.updates], {
    blame: (entry) => blamed.push(entry),
    took: () => {},
  });
  expect(blamed).toEqual([bad]);
  expect(applied.sound).toBe(false);
  expect(read(applied.data)).toBe('kept');
});

test('what each update cost is told', () => {
  const ada = typist(1);
  ada.type('a');
  ada.type('b');
  const told: unknown[] = [];
  applyAll(new Y.Doc(), ada.updates, { ...never, took: (entry, ms) => told.push([entry, ms >= 0]) });
  expect(told).toEqual(ada.updates.map((entry) => [entry, true]));
});
