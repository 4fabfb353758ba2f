import { rm } from 'node:fs/promises';
import { textLiteral } from '#lib/sql/quote.ts';
import type { Left } from '#lib/server/warehouse/warehouse.ts';
import { buildWindow, Passing, type Bench } from './build.ts';
import type { Batch, Failure, Output } from './change.ts';
import { buildOwn } from './own.ts';
import type { Piece } from './windowless.ts';

/*
 * Events through a query that treats each by itself. One that it fails for is left out and kept beside the output, however many
 * there are: nobody who may push can hold the job up. But where the query fails for every event, it is the query that must be
 * mended, and nothing is left out until it is. Whether that is so is asked of an event that once went well.
 */

/** For finding the events that fail in one step, ms: what is done by then is published. */
const patience = 3000;
/** The same, to find out only whether any event goes well. */
const glance = 1000;

export interface Known {
  /** An event that went well. */
  good: number | undefined;
  /** The number after the last event that was read. */
  end: number;
}

/** The first of the piece's events, at least one. `good`: the last of them that went well. Throws Passing where all events fail. */
export async function answerPiece(
  bench: Bench,
  piece: Piece,
  known: Known,
): Promise<{ batch: Batch; good: number | null }> {
  const { hour, first, below } = piece;
  const built = await buildWindow(bench, hour, { from: first, below, patience });
  if ('failure' in built) return answerLess(bench, piece, known, built.failure);
  const { sifted } = built;
  const through = sifted?.below ?? below;
  const good = sifted ? sifted.good : below - 1;
  const left = sifted?.left ?? null;
  if (good === null) await demandSome(bench, { ...piece, below: through }, known, left!.first[0]!.message);
  const batch = { hour, first, through, events: through - first, output: withRows(built), left };
  return { batch, good };
}

/** What the engine cannot hold, or is lost over, is asked for in halves; what fails otherwise fails for every event. */
async function answerLess(bench: Bench, piece: Piece, known: Known, failure: Failure) {
  const { hour, first, below } = piece;
  if (!['memory', 'lost', 'timeout'].includes(failure.code)) throw allFail(failure);
  if (below - first > 1) return answerPiece(bench, { ...piece, below: Math.floor((first + below) / 2) }, known);
  await demandSome(bench, piece, known, failure.message);
  const left = await leaveOut(bench, first, failure.message);
  return { batch: { hour, first, through: below, events: 1, output: null, left }, good: null };
}

/** Throws Passing when the query fails for the event that once went well; where none is known, for those that follow. */
async function demandSome(bench: Bench, { hour, below }: Piece, { good, end }: Known, message: string): Promise<void> {
  const isKnown = good !== undefined && (await isKept(bench, good));
  const bounds = isKnown ? { from: good, below: good + 1 } : { from: below, below: end };
  if (bounds.from < bounds.below) {
    const again = await buildWindow(bench, hour, { ...bounds, patience: glance });
    if (!('failure' in again)) {
      for (const file of [again.file, again.sifted?.left?.file]) if (file) await rm(file.path, { force: true });
      if (!again.sifted || again.sifted.good !== null) return;
    }
  }
  throw allFail({ code: 'all-failed', message });
}

function allFail({ code, message }: Failure): Passing {
  return new Passing({
    code,
    message: `The query fails for every event: ${message} Mend what it reads, or promote a text that takes these events; the job then goes on by itself, and leaves none out.`,
  });
}

async function isKept({ world, standing }: Bench, at: number): Promise<boolean> {
  const [moment] = await world.streams.timeline(standing.stream.id, at, 1);
  return moment !== undefined && moment.first <= at;
}

/** An event that no engine gets over. Throws Passing. */
async function leaveOut(bench: Bench, at: number, message: string): Promise<Left> {
  const sql = `SELECT *, ${textLiteral(message)} AS _error FROM events`;
  const { file, columns } = await buildOwn(bench, { name: 'left', sql, bounds: { from: at, below: at + 1 } });
  return { file, columns, first: [{ at, message }] };
}

function withRows(output: Output): Output | null {
  if (output.file.rows > 0) return output;
  void rm(output.file.path, { force: true });
  return null;
}
