import { once } from 'node:events';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import WebSocket from 'ws';
import { readSyncMessage, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';

/*
 * A hundred people in one notebook, as light as possible, so that the server and not the crowd is measured: their typing
 * is encoded beforehand, and all but one only count what they hear. The one applies it and knows when all has arrived.
 */
export interface Crowd {
  /** Everyone types their updates at the rate; resolves when everyone heard everyone else. */
  type(updates: Uint8Array[][], perSecond: number): Promise<void>;
  leave(): void;
}

interface Person {
  socket: WebSocket;
  frames: number;
}

export async function gather(url: string, people: number, headers: Record<string, string> = {}): Promise<Crowd> {
  const crowd: Person[] = [];
  for (let index = 0; index < people; index += 1) crowd.push(await enter(url, headers));
  const [witness] = crowd as [Person];
  let doc = new Y.Doc();
  witness.socket.on('message', (data: Buffer) => hear(doc, data));

  async function type(updates: Uint8Array[][], perSecond: number): Promise<void> {
    doc = new Y.Doc();
    for (const person of crowd) person.frames = 0;
    const heard = hearsAll(witness.socket, () => doc, updates);
    const turns = updates[0]?.length ?? 0;
    for (let turn = 0; turn < turns; turn += 1) await turnOf(crowd, updates, turn, 1000 / perSecond);
    await heard;
    await pings(crowd);
    confirm(crowd, people * turns);
  }

  return { type, leave: () => crowd.forEach((person) => person.socket.terminate()) };
}

async function enter(url: string, headers: Record<string, string>): Promise<Person> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  const person = { socket, frames: 0 };
  socket.on('message', () => (person.frames += 1));
  await once(socket, 'open');
  return person;
}

/** Everyone's next update, spread over the time between two keys. */
async function turnOf(crowd: Person[], updates: Uint8Array[][], turn: number, ms: number): Promise<void> {
  const started = performance.now();
  const perTick = Math.ceil((crowd.length * 4) / ms);
  for (let from = 0; from < crowd.length; from += perTick) {
    for (let index = from; index < Math.min(crowd.length, from + perTick); index += 1)
      crowd[index]!.socket.send(updates[index]![turn]!);
    const due = started + (ms * (from + perTick)) / crowd.length;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
}

function hear(doc: Y.Doc, data: Buffer): void {
  const decoder = decoding.createDecoder(data);
  if (decoding.readVarUint(decoder) === 0) readSyncMessage(decoder, encoding.createEncoder(), doc, null);
}

/** Everyone's last update is known to the witness, whose own is not sent back by the baseline. */
async function hearsAll(socket: WebSocket, doc: () => Y.Doc, updates: Uint8Array[][]): Promise<void> {
  const others = updates.slice(1).map((own) => ({ clientId: clientOf(own[0]!), letters: own.length }));
  const isDone = () => {
    const vector = Y.decodeStateVector(Y.encodeStateVector(doc()));
    return others.every(({ clientId, letters }) => (vector.get(clientId) ?? 0) >= letters);
  };
  while (!isDone()) await Promise.race([once(socket, 'message'), new Promise((resolve) => setTimeout(resolve, 50))]);
}

/** A pong comes after everything that was sent before it. */
async function pings(crowd: Person[]): Promise<void> {
  await Promise.all(
    crowd.map(async ({ socket }) => {
      socket.ping();
      await once(socket, 'pong');
    }),
  );
}

/** Nobody heard less than the witness, but for those a merged frame or one's own echo explains. */
function confirm(crowd: Person[], updates: number): void {
  const counts = crowd.map((person) => person.frames);
  const spread = Math.max(...counts) - Math.min(...counts);
  if (Math.min(...counts) === 0 || spread > crowd.length)
    throw new Error(`heard unequally: ${counts.join(' ')} of ${updates}`);
}

function clientOf(frame: Uint8Array): number {
  const decoder = decoding.createDecoder(frame);
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return Y.decodeUpdate(decoding.readVarUint8Array(decoder)).structs[0]!.id.client;
}

/** The frames of somebody who types `letters` letters, one an update, in their own paragraph. */
export function typing(letters: number): Uint8Array[] {
  const doc = new Y.Doc();
  const frames: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 0);
    writeUpdate(encoder, update);
    frames.push(encoding.toUint8Array(encoder));
  });
  const text = doc.getText(`paragraph ${doc.clientID}`);
  for (let index = 0; index < letters; index += 1) text.insert(index, String.fromCharCode(97 + (index % 26)));
  return frames;
}
