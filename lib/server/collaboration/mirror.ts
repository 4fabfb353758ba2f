import type { Logger } from 'pino';
import { readTitle } from '#lib/notebook/document.ts';
import type { ExecuteSql } from '#lib/server/database/open.ts';
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

export function createMirror(parts: { executeSql: ExecuteSql; log: Logger; now(): Date; everyMs: number }): Mirror {
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
    if (marks.length === 0) return;
    try {
      await parts.executeSql(text, toColumns(marks));
    } catch (error) {
      parts.log.warn({ err: error, notebooks: marks.length }, 'titles could not be copied; the next edit copies them');
    }
  }

  return {
    mark: (room, editedBy) =>
      void marked.set(room, { editedAt: parts.now(), editedBy: editedBy ?? marked.get(room)?.editedBy ?? null }),
    flush,
    close: () => clearInterval(timer),
  };
}

const text = `
  UPDATE "Notebook" n
  SET title = m.title, "editedAt" = m.at::timestamptz, "editedBy" = coalesce(nullif(m.by, ''), n."editedBy")
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS m(id, title, at, by)
  WHERE n.id = m.id`;

function toColumns(marks: readonly [Room, Mark][]): string[][] {
  return [
    marks.map(([room]) => room.notebookId),
    // Postgres takes no NUL in a text.
    marks.map(([room]) => readTitle(room.doc).slice(0, 300).replaceAll('\0', '')),
    marks.map(([, mark]) => mark.editedAt.toISOString()),
    marks.map(([, mark]) => mark.editedBy ?? ''),
  ];
}
