import * as Y from 'yjs';
import type { ExecuteSql } from '#lib/server/database/open.ts';

/*
 * The durable half of a notebook: a snapshot and the updates since. Appending is the one thing an acknowledgement waits
 * for, so it is one plain INSERT for all rooms of a group commit. Every statement here is whole by itself: a crash
 * between any two loses nothing and doubles nothing that matters, as Yjs takes an update twice like once.
 */
export interface Log {
  /** Stores all rows in one commit; the answer is the highest row id of each notebook. */
  append(rows: readonly LogRow[]): Promise<Map<string, bigint>>;
  /** The document as stored, and how long its log is. A notebook never edited is an empty document. */
  load(notebookId: string): Promise<Stored>;
  /** Rewrites snapshot and log of a notebook as one snapshot without what was deleted. */
  compact(notebookId: string): Promise<Omit<Stored, 'doc'>>;
  exists(notebookId: string): Promise<boolean>;
}

export interface LogRow {
  notebookId: string;
  data: Uint8Array;
}

export interface Stored {
  doc: Y.Doc;
  snapshotBytes: number;
  logRows: number;
  logBytes: number;
}

interface Piece {
  id: bigint | string | number;
  data: Uint8Array;
  is_snapshot: boolean;
}

export function createLog(executeSql: ExecuteSql): Log {
  return {
    append: (rows) => append(executeSql, rows),
    load: async (notebookId) => replay(await readPieces(executeSql, notebookId)),
    compact: (notebookId) => compact(executeSql, notebookId),
    exists: async (notebookId) =>
      (await executeSql(`SELECT 1 FROM "Notebook" WHERE id = $1 AND "deletedAt" IS NULL`, [notebookId])).rows.length >
      0,
  };
}

async function append(executeSql: ExecuteSql, rows: readonly LogRow[]): Promise<Map<string, bigint>> {
  const places = rows.map((_, index) => `($${index * 2 + 1}, $${index * 2 + 2})`).join(', ');
  const values = rows.flatMap(({ notebookId, data }) => [notebookId, data]);
  const text = `INSERT INTO "Update" ("notebookId", data) VALUES ${places} RETURNING id, "notebookId"`;
  const stored = (await executeSql(text, values)).rows as { id: bigint | string; notebookId: string }[];
  const highest = new Map<string, bigint>();
  for (const { id, notebookId } of stored) {
    const before = highest.get(notebookId) ?? 0n;
    highest.set(notebookId, BigInt(id) > before ? BigInt(id) : before);
  }
  return highest;
}

/**
 * One statement, so that a compaction meanwhile is seen whole or not at all. Every row that is left is read, also one with
 * an older id than the snapshot's: another node may commit it later.
 */
async function readPieces(executeSql: ExecuteSql, notebookId: string): Promise<Piece[]> {
  const text = `
    SELECT through AS id, data, true AS is_snapshot FROM "Snapshot" WHERE "notebookId" = $1
    UNION ALL
    SELECT id, data, false FROM "Update" WHERE "notebookId" = $1
    ORDER BY is_snapshot DESC, id`;
  return (await executeSql(text, [notebookId])).rows;
}

function replay(pieces: readonly Piece[]): Stored {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const { data } of pieces) Y.applyUpdate(doc, data);
  });
  return { doc, ...measure(pieces) };
}

function measure(pieces: readonly Piece[]): Omit<Stored, 'doc'> {
  const log = pieces.filter((piece) => !piece.is_snapshot);
  return {
    snapshotBytes: pieces.find((piece) => piece.is_snapshot)?.data.length ?? 0,
    logRows: log.length,
    logBytes: log.reduce((sum, piece) => sum + piece.data.length, 0),
  };
}

async function compact(executeSql: ExecuteSql, notebookId: string): Promise<Omit<Stored, 'doc'>> {
  const pieces = await readPieces(executeSql, notebookId);
  const last = pieces.at(-1);
  if (!last || last.is_snapshot) return measure(pieces);
  const { doc } = replay(pieces);
  const data = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  await replace(executeSql, notebookId, pieces, data);
  return { snapshotBytes: data.length, logRows: 0, logBytes: 0 };
}

/**
 * Snapshot in, the rows it holds out, in one statement: either both or neither. It takes the place of the snapshot it
 * was made from and of no other, so that two nodes at once cannot lose each other's rows.
 */
async function replace(
  executeSql: ExecuteSql,
  notebookId: string,
  pieces: readonly Piece[],
  data: Uint8Array,
): Promise<void> {
  const text = `
    WITH kept AS (
      INSERT INTO "Snapshot" ("notebookId", data, through) VALUES ($1, $2, $3)
      ON CONFLICT ("notebookId") DO UPDATE SET data = excluded.data, through = excluded.through, "createdAt" = now()
        WHERE "Snapshot".through = $4::bigint
      RETURNING through
    )
    DELETE FROM "Update" WHERE "notebookId" = $1 AND id = ANY($5::bigint[]) AND EXISTS (SELECT 1 FROM kept)`;
  const rows = pieces.filter((piece) => !piece.is_snapshot).map((piece) => String(piece.id));
  const base = pieces.find((piece) => piece.is_snapshot)?.id;
  await executeSql(text, [notebookId, data, rows.at(-1), base === undefined ? null : String(base), rows]);
}
