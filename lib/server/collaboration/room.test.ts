import { pino } from 'pino';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { defaultLimits } from './limits.ts';
import { Room } from './room.ts';

function stored(text: string) {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, text);
  return { doc, snapshotBytes: 0, logRows: 0, logBytes: 0 };
}

function open(text: string): Room {
  return new Room({
    notebookId: 'n',
    stored: stored(text),
    limits: defaultLimits,
    log: pino({ enabled: false }),
    now: Date.now,
    reload: () => Promise.resolve(stored(text)),
    wake: () => {},
    emptied: () => {},
  });
}

test('an update that breaks the document leaves nothing of it, even when none comes after it', async () => {
  const room = open('kept');
  const broken = room.doc;
  room.enqueue({ kind: 'update', seat: null, update: Uint8Array.of(1, 255, 255), by: null });
  const batch = await room.take();
  expect(batch.data).toEqual([]);
  expect(room.doc).not.toBe(broken);
  expect(room.doc.getText('t').toString()).toBe('kept');
});
