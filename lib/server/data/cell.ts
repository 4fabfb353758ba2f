import type { Doc } from 'yjs';
import { z } from 'zod';
import { CellName, CellSpec, ChartSpec, Engine, InputSpec, type Cell } from '#lib/notebook/cell.ts';
import { readNotebook } from '#lib/notebook/document.ts';
import {
  insertCell,
  moveCell,
  removeCell,
  renameCell,
  setChart,
  setEngine,
  setInput,
  setSource,
} from '#lib/notebook/edit.ts';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { badRequest, conflict, notFound } from '#lib/server/problem.ts';
import { demandNotebook } from './notebook.ts';

/** Where a cell goes: after or before another; without either, at the end. */
export const Place = z.object({ after: z.string().optional(), before: z.string().optional() });
export type Place = z.infer<typeof Place>;

export const CellChange = Place.extend({
  name: CellName.optional(),
  source: z.string().max(1_000_000).optional(),
  engine: Engine.optional(),
  /** Goes with engine `trino`. */
  connection: z.string().max(64).optional(),
  chart: ChartSpec.partial().optional(),
  input: InputSpec.partial().optional(),
});
export type CellChange = z.infer<typeof CellChange>;

export async function addCell(actor: Actor, id: string, given: z.infer<typeof CellSpec>, place: Place): Promise<Cell> {
  return editCells(actor, id, (doc) => {
    demandPlace(doc, place);
    return insertCell(doc, given, place);
  });
}

/** Changes what is given and leaves the rest; with `after` or `before` the cell moves. */
export async function changeCell(actor: Actor, id: string, cellId: string, change: CellChange): Promise<Cell> {
  return editCells(actor, id, (doc) => {
    const cell = findCell(doc, cellId);
    demandPlace(doc, change);
    demandFits(doc, cell, change);
    doc.transact(() => applyChange(doc, cellId, change));
    return cellId;
  });
}

export async function deleteCell(actor: Actor, id: string, cellId: string): Promise<void> {
  await demandNotebook(actor, id, 'edit');
  await editRoom(id, actor, (doc) => removeCell(doc, findCell(doc, cellId).id));
}

async function editCells(actor: Actor, id: string, edit: (doc: Doc) => string): Promise<Cell> {
  await demandNotebook(actor, id, 'edit');
  const cellId = await editRoom(id, actor, edit);
  return getLodestar().rooms.read(id, (doc) => findCell(doc, cellId));
}

/** Runs the edit in the room and gives what it gave; a refusal inside changes nothing and is thrown here. */
async function editRoom<T>(id: string, actor: Actor, edit: (doc: Doc) => T): Promise<T> {
  let outcome: { ok: true; value: T } | { ok: false; error: unknown } | undefined;
  await getLodestar().rooms.edit(id, actor.userId, (doc) => {
    try {
      outcome = { ok: true, value: edit(doc) };
    } catch (error) {
      outcome = { ok: false, error };
    }
  });
  if (!outcome) throw new Error('The room did not run the edit.');
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

function applyChange(doc: Doc, cellId: string, change: CellChange): void {
  if (change.name !== undefined) renameCell(doc, cellId, change.name);
  if (change.source !== undefined) setSource(doc, cellId, change.source);
  if (change.engine !== undefined)
    setEngine(doc, cellId, { engine: change.engine, connection: change.connection ?? '' });
  if (change.chart !== undefined) setChart(doc, cellId, change.chart);
  if (change.input !== undefined) setInput(doc, cellId, change.input);
  if (change.after !== undefined || change.before !== undefined) moveCell(doc, cellId, change);
}

function findCell(doc: Doc, cellId: string): Cell {
  const cell = readNotebook(doc).cells.find((entry) => entry.id === cellId);
  if (!cell) throw notFound('cell');
  return cell;
}

function demandPlace(doc: Doc, place: Place): void {
  for (const id of [place.after, place.before]) if (id !== undefined) findCell(doc, id);
}

function demandFits(doc: Doc, cell: Cell, change: CellChange): void {
  if (change.chart && cell.type !== 'chart') throw badRequest('Only a chart cell has a chart.');
  if (change.input && cell.type !== 'input') throw badRequest('Only an input cell has an input.');
  if (change.engine && cell.type !== 'sql') throw badRequest('Only a sql cell has a choice of engines.');
  const taken =
    change.name !== undefined &&
    readNotebook(doc).cells.some((entry) => entry.id !== cell.id && entry.name === change.name);
  if (taken) throw conflict('name-taken', `Another cell of this notebook is named ${change.name}.`);
}
