import * as encoding from 'lib0/encoding';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeSyncStep1, writeSyncStep2, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';
import { encodeBarrier } from '#lib/notebook/barrier.ts';
import { encodeDenied, encodeStep1, encodeStep2, encodeUpdate, readFrame } from './frame.ts';

const limits = { structs: 50, presenceBytes: 1000 };

function frame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function typed(text = 'hello'): Y.Doc {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, text);
  return doc;
}

test('the frames of the protocol are read as they are', () => {
  const doc = typed();
  const update = Y.encodeStateAsUpdate(doc);
  expect(
    readFrame(
      frame((to) => writeSyncStep1(to, doc)),
      limits,
    ),
  ).toEqual({
    kind: 'step1',
    vector: Y.encodeStateVector(doc),
  });
  expect(
    readFrame(
      frame((to) => writeSyncStep2(to, doc)),
      limits,
    ),
  ).toEqual({ kind: 'update', update, structs: 1 });
  expect(
    readFrame(
      frame((to) => writeUpdate(to, update)),
      limits,
    ),
  ).toEqual({ kind: 'update', update, structs: 1 });
  expect(readFrame(encodeBarrier(300), limits)).toEqual({ kind: 'barrier', n: 300 });
  expect(readFrame(Uint8Array.of(3), limits)).toEqual({ kind: 'query-presence' });
});

test('our frames are those of the protocol', () => {
  const doc = typed();
  const update = Y.encodeStateAsUpdate(doc);
  expect(encodeStep1(doc)).toEqual(frame((to) => writeSyncStep1(to, doc)));
  expect(encodeStep2(doc, Uint8Array.of(0))).toEqual(frame((to) => writeSyncStep2(to, doc)));
  expect(encodeUpdate(update)).toEqual(frame((to) => writeUpdate(to, update)));
  expect([...encodeDenied('no')]).toEqual([2, 0, 2, 110, 111]);
});

test('an update of nothing is empty; one that only deletes adds nothing', () => {
  expect(
    readFrame(
      frame((to) => writeUpdate(to, Uint8Array.of(0, 0))),
      limits,
    ),
  ).toEqual({ kind: 'empty' });
  const doc = typed();
  const before = Y.encodeStateVector(doc);
  doc.getText('t').delete(0, 5);
  const update = Y.encodeStateAsUpdate(doc, before);
  expect(
    readFrame(
      frame((to) => writeUpdate(to, update)),
      limits,
    ),
  ).toMatchObject({ kind: 'update', structs: 0 });
});

test('more structs than the limit are refused', () => {
  const doc = new Y.Doc();
  for (let index = 0; index < 60; index += 1) doc.getArray('a').insert(0, [index]);
  const update = Y.encodeStateAsUpdate(doc);
  expect(() =>
    readFrame(
      frame((to) => writeUpdate(to, update)),
      limits,
    ),
  ).toThrow('structs');
});

test('a document within the document is refused', () => {
  const doc = new Y.Doc();
  doc.getMap('m').set('sub', new Y.Doc());
  const update = Y.encodeStateAsUpdate(doc);
  expect(() =>
    readFrame(
      frame((to) => writeUpdate(to, update)),
      limits,
    ),
  ).toThrow('within');
});

test('unknown types and frames that end early are refused', () => {
  for (const bytes of [[], [9], [0], [0, 9, 0], [0, 0, 5, 1], [0, 2, 3, 1, 1, 1], [1], [1, 2, 1], [100], [255, 255]])
    expect(() => readFrame(Uint8Array.from(bytes), limits), JSON.stringify(bytes)).toThrow();
});

test('what passes can be merged and applied, however it was mangled', () => {
  const good = frame((to) => writeSyncStep2(to, typed('a longer text, so that there is something to mangle')));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }), (changes) => {
      const mangled = Uint8Array.from(good);
      for (const [at, byte] of changes) mangled[at] = byte;
      const update = readOr(mangled);
      if (update) Y.applyUpdate(new Y.Doc(), Y.mergeUpdates([update, Y.encodeStateAsUpdate(typed())]));
    }),
    { numRuns: 2000 },
  );
});

function readOr(bytes: Uint8Array): Uint8Array | null {
  try {
    const frame = readFrame(bytes, limits);
    return frame.kind === 'update' ? frame.update : null;
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return null;
  }
}
