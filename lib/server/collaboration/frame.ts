import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { barrierType, encodeBarrier, readBarrier } from '#lib/notebook/barrier.ts';
import { readPresence, type PresenceEntry } from './presence-frame.ts';

/*
 * The y-websocket wire protocol (https://github.com/yjs/y-protocols/blob/master/PROTOCOL.md) as a union, read with
 * every limit checked: whatever passes here can be merged, applied and stored. Throws on anything else.
 */

export type Frame =
  | { kind: 'step1'; vector: Uint8Array }
  /** Sync step 2 and update carry the same thing. `structs` counts what is added. */
  | { kind: 'update'; update: Uint8Array; structs: number }
  | { kind: 'empty' }
  | { kind: 'presence'; entries: PresenceEntry[] }
  | { kind: 'query-presence' }
  | { kind: 'barrier'; n: number };

export interface FrameLimits {
  structs: number;
  presenceBytes: number;
}

const sync = 0;
const presence = 1;
const auth = 2;
const queryPresence = 3;
const step1 = 0;
const step2 = 1;
const update = 2;

export function readFrame(bytes: Uint8Array, limits: FrameLimits): Frame {
  const decoder = decoding.createDecoder(bytes);
  const type = decoding.readVarUint(decoder);
  switch (type) {
    case sync:
      return readSync(decoder, limits);
    case presence:
      return { kind: 'presence', entries: readPresence(decoding.readVarUint8Array(decoder), limits.presenceBytes) };
    case auth:
      return { kind: 'empty' };
    case queryPresence:
      return { kind: 'query-presence' };
    case barrierType:
      return { kind: 'barrier', n: readBarrier(decoder) };
    default:
      throw new Error(`no frame has the type ${type}`);
  }
}

function readSync(decoder: decoding.Decoder, limits: FrameLimits): Frame {
  const type = decoding.readVarUint(decoder);
  const body = decoding.readVarUint8Array(decoder);
  if (type === step1) return readStep1(body);
  if (type === step2 || type === update) return readUpdate(body, limits);
  throw new Error(`no sync frame has the type ${type}`);
}

function readStep1(vector: Uint8Array): Frame {
  Y.decodeStateVector(vector);
  return { kind: 'step1', vector };
}

function readUpdate(body: Uint8Array, limits: FrameLimits): Frame {
  const { structs, ds } = Y.decodeUpdate(body);
  if (structs.length > limits.structs) throw new Error(`${structs.length} structs in one frame`);
  if (structs.some(holdsDocument)) throw new Error('a document within the document');
  if (structs.length === 0 && ds.clients.size === 0) return { kind: 'empty' };
  return { kind: 'update', update: body, structs: structs.length };
}

function holdsDocument(struct: unknown): boolean {
  return struct instanceof Y.Item && struct.content instanceof Y.ContentDoc;
}

export function encodeStep1(doc: Y.Doc): Uint8Array {
  return encodeSync(step1, Y.encodeStateVector(doc));
}

/** Everything of the document that is not in the state vector. */
export function encodeStep2(doc: Y.Doc, vector: Uint8Array): Uint8Array {
  return encodeSync(step2, Y.encodeStateAsUpdate(doc, vector));
}

export function encodeUpdate(merged: Uint8Array): Uint8Array {
  return encodeSync(update, merged);
}

function encodeSync(type: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, sync);
  encoding.writeVarUint(encoder, type);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

/** `[2][0][words]`: the protocol's only way to say no. */
export function encodeDenied(words: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, auth);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarString(encoder, words);
  return encoding.toUint8Array(encoder);
}

export function encodePresenceFrame(body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, presence);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

export { encodeBarrier };
