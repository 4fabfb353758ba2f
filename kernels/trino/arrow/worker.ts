import { parentPort } from 'node:worker_threads';
import { PageError } from './error.ts';
import type { Order, Reply } from './message.ts';
import { readPage, readRows } from './page.ts';

/*
 * The decoding thread: bytes in, packed columns out, both handed over uncopied. It keeps nothing of a query but the memory
 * of its builders; what a query has chosen comes with each order.
 */

const port = parentPort!;

port.on('message', (order: Order) => {
  const reply = answer(order);
  port.postMessage(reply, 'read' in reply ? reply.read.batches.map((batch) => batch.memory) : []);
  order.chunks.forEach(free);
});

function answer(order: Order): Reply {
  const { id, chosen } = order;
  try {
    const bytes = whole(order.chunks);
    if (order.columns) return { id, read: { head: null, ...readRows(bytes, order.columns, chosen, memoryOf(bytes)) } };
    return { id, read: readPage(bytes, chosen, memoryOf(bytes)) };
  } catch (error) {
    if (!(error instanceof PageError))
      return { id, bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    const { fault, bare, offset, misfit } = error;
    return { id, fault: { fault, message: bare, offset, misfit } };
  }
}

/** What the bytes lie in, if nothing else does: it came with the order and is ours. */
function memoryOf({ buffer, byteLength }: Uint8Array): ArrayBuffer | null {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : null;
}

/** Memory outside of the heap that waits for the collector makes it run, over all that is in the heap. */
function free({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

function whole(chunks: Uint8Array[]): Uint8Array {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
