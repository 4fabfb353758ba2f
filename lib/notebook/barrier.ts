import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/*
 * Our one addition to the y-websocket protocol. A client sends `[100][n]`; the server answers the same bytes once every
 * update it received before them on that socket is committed. Stock clients never send it and never get one.
 */
export const barrierType = 100;

/** The frame for barrier `n`, an unsigned integer. */
export function encodeBarrier(n: number): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, barrierType);
  encoding.writeVarUint(encoder, n);
  return encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>;
}

/** Reads n after the type has been read. Throws on a frame that ends early. */
export function readBarrier(decoder: decoding.Decoder): number {
  return decoding.readVarUint(decoder);
}
