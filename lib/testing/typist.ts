import type * as Y from 'yjs';
import { barrierType, encodeBarrier, readBarrier } from '#lib/notebook/barrier.ts';
import type { Peer } from './peer.ts';

/**
 * Types a letter every few milliseconds until told to stop, asks after each whether it is stored, and reports what the
 * server acknowledged: the text up to there. Resolves with how many letters it typed. Never waits for an answer.
 */
export async function typeUntil(
  stop: AbortSignal,
  peer: Peer,
  text: Y.Text,
  acknowledged: (letters: string) => void,
): Promise<number> {
  let typed = '';
  peer.provider.messageHandlers[barrierType] = (_encoder, decoder) => {
    if (!stop.aborted) acknowledged(typed.slice(0, readBarrier(decoder)));
  };
  while (!stop.aborted) {
    typed += String.fromCharCode(97 + (typed.length % 26));
    text.insert(typed.length - 1, typed.slice(-1));
    if (peer.provider.ws?.readyState === 1) peer.provider.ws.send(encodeBarrier(typed.length));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  return typed.length;
}
