import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import { parseExact, writeExact } from '#lib/stream/json.ts';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem, badRequest } from '#lib/server/problem.ts';
import { hasMoreLines, mostLine } from '#lib/server/streams/body.ts';
import type { Batch } from '#lib/server/streams/judge.ts';
import type { Read, Room } from '#lib/server/streams/streams.ts';
import { demandStream } from './stream-row.ts';
import { demandPushed } from './stream-source.ts';

/*
 * Events in: a body is read as it comes, kept within bounds, and answered when its events are on disk. What is refused here is
 * refused whole; a single event that cannot be kept becomes a dead letter with its reason.
 */

export const pushLimits = {
  /** Of a batch: bytes of its body, and events. */
  bytes: 16 * 2 ** 20,
  events: 200_000,
  /** Of a line, bytes. */
  line: mostLine,
};

export interface Push {
  format: 'ndjson' | 'json';
  body: ReadableStream<Uint8Array> | null;
  /** What the sender says, when it does. */
  length: number | null;
  /** The sender's name for the batch. */
  key: string | null;
}

export const Pushed = z.object({
  /** Events stored. */
  accepted: z.number().int(),
  /** Events left out because their key came before. */
  duplicates: z.number().int(),
  /** Events that broke the contract; GET …/dead-letters tells why. */
  deadLetters: z.number().int(),
  /** The end of the log after this batch: its events are the `accepted` ones before this number. */
  offset: z.number().int(),
});
export type Pushed = z.infer<typeof Pushed>;

export async function pushEvents(actor: Actor, streamId: string, push: Push): Promise<Pushed> {
  demandPushed(await demandStream(actor, streamId, 'edit'));
  if ((push.length ?? 0) > pushLimits.bytes) throw tooLarge();
  demandKey(push.key);
  const { streams } = getLodestar();
  const room = streams.reserve(streamId, 0);
  try {
    const body = push.key === null ? null : createHash('sha256');
    const bytes = await readBody(push, room, body);
    const batch = { ...eventsOf(push, bytes), key: push.key, body: body?.digest('hex') ?? '' };
    return await streams.append(streamId, batch, bytes.length);
  } finally {
    room.free();
  }
}

/** Events from an offset on, as they are kept. */
export async function readEvents(
  actor: Actor,
  streamId: string,
  { from, limit }: { from: number; limit: number },
  signal: AbortSignal,
): Promise<Read> {
  await demandStream(actor, streamId, 'read');
  return getLodestar().streams.read(streamId, from, limit, signal);
}

function demandKey(key: string | null): void {
  if (key !== null && !/^[\x21-\x7e]{1,255}$/.test(key))
    throw badRequest('An Idempotency-Key has 1 to 255 letters, digits and signs of ASCII, and no space.');
}

async function readBody(push: Push, room: Room, hash: Hash | null): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of push.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > pushLimits.bytes) throw tooLarge();
    room.grow(piece.byteLength);
    hash?.update(piece);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}

/** As they will be weighed: lines as they came, JSON as events. */
function eventsOf({ format }: Push, bytes: Buffer): Pick<Batch, 'items' | 'text'> {
  if (format === 'ndjson') {
    if (hasMoreLines(bytes, pushLimits.events)) throw tooMany();
    return { items: [], text: bytes };
  }
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null)
    throw badRequest('Send an event as an object, or several as an array.');
  const events: unknown[] = Array.isArray(value) ? value : [value];
  if (events.length > pushLimits.events) throw tooMany();
  return { items: events.map((event) => ({ event, raw: () => textOf(event) })) };
}

function parse(bytes: Buffer): unknown {
  try {
    return parseExact(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw badRequest(`The body is no JSON: ${(error as Error).message}`);
  }
}

/** What is nested beyond what can be written again is only named. */
function textOf(event: unknown): string {
  try {
    return writeExact(event);
  } catch {
    return '(nested too deeply to be written)';
  }
}

function tooLarge(): Problem {
  const { bytes: limit } = pushLimits;
  const detail = `A batch may have at most ${limit / 2 ** 20} MiB. Nothing of it was stored: send it in parts, or with lodestar push.`;
  return new Problem(413, 'too-large', detail, { limit });
}

function tooMany(): Problem {
  const { events: limit } = pushLimits;
  const detail = `A batch may have at most ${limit} events. Nothing of it was stored: send it in parts, or with lodestar push.`;
  return new Problem(413, 'too-many', detail, { limit });
}
