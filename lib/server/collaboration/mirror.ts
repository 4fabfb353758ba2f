import type { Logger } from 'pino';
import type { PrismaClient } from '#prisma/client/client.ts';
import { readTitle } from '#lib/notebook/document.ts';
import type { Room } from './room.ts';

/*
 * Copies title, editedAt and editedBy out of edited rooms into their Notebook rows, at most about once a second each, so
 * that lists need not open documents. The document is the truth: a copy that was lost is made again.
 */
export interface Mirror {
  mark(room: Room, editedBy: string | null): void;
  /** Copies what is marked now. */
  flush(): Promise<void>;
  close(): void;
}

interface Mark {
  editedAt: Date;
  editedBy: string | null;
}

export function createMirror(parts: { db: PrismaClient; log: Logger; now(): Date; everyMs: number }): Mirror {
  const marked = new Map<Room, Mark>();
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void flush(), parts.everyMs).unref();

  function flush(): Promise<void> {
    running = running.then(copyAll);
    return running;
  }

  async function copyAll(): Promise<void> {
    const marks = [...marked];
    marked.clear();
    for (const [room, mark] of marks) await copy(room, mark);
  }

  async function copy(room: Room, mark: Mark): Promise<void> {
    const data = { title: readTitle(room.doc).slice(0, 300), editedAt: mark.editedAt };
    const by = mark.editedBy === null ? {} : { editedBy: mark.editedBy };
    try {
      await parts.db.notebook.updateMany({ where: { id: room.notebookId }, data: { ...data, ...by } });
    } catch (error) {
      parts.log.warn({ error, notebookId: room.notebookId }, 'the title could not be copied; the next edit copies it');
    }
  }

  return {
    mark: (room, editedBy) =>
      void marked.set(room, { editedAt: parts.now(), editedBy: editedBy ?? marked.get(room)?.editedBy ?? null }),
    flush,
    close: () => clearInterval(timer),
  };
}
