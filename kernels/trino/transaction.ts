import { KernelFailure } from '#kernels/failure.ts';
import type { Decoder } from './arrow/decoder.ts';
import { Statement } from './client.ts';
import { toFailure } from './failure.ts';
import type { Head } from './head.ts';
import type { Wire } from './wire.ts';

/*
 * SECURITY 17. A read runs inside START TRANSACTION READ ONLY, so that the engine itself refuses to write. The one reply
 * whose header is believed is the one to our own START TRANSACTION. A transaction that cannot be ended is ended by the
 * cluster when it has been idle (5 minutes unless configured).
 */

/** Begins one and gives its id. Throws KernelFailure. */
export async function begin(wire: Wire, decoder: Decoder): Promise<string> {
  const headers = await finish(wire, decoder, 'START TRANSACTION READ ONLY', 'NONE');
  const id = headers['x-trino-started-transaction-id'];
  if (typeof id === 'string' && /^[\w-]{1,100}$/.test(id)) return id;
  throw new KernelFailure({
    code: 'refused',
    message: 'The cluster began no read-only transaction, so nothing was run.',
    hint: 'Something between here and the coordinator may take its headers away (X-Trino-Started-Transaction-Id).',
  });
}

/** Ends one, whatever became of it. Throws KernelFailure when the cluster cannot be told. */
export async function end(wire: Wire, decoder: Decoder, id: string): Promise<void> {
  await finish(wire, decoder, 'ROLLBACK', id);
}

/** Whether a query failed because its transaction is over: it did not run. */
export function isUnknown(error: Head['error']): boolean {
  return error?.errorName === 'UNKNOWN_TRANSACTION';
}

/** Runs one of our own statements to its end; gives the headers of all its replies, later ones over earlier. */
async function finish(wire: Wire, decoder: Decoder, sql: string, transaction: string) {
  const statement = new Statement(wire, sql, decoder, { transaction, spooling: false, access: 'read' });
  let headers: Record<string, string | string[] | undefined> = {};
  for await (const page of statement.pages()) {
    headers = { ...headers, ...page.headers };
    if (page.head.error) throw new KernelFailure(toFailure(page.head.error));
  }
  return headers;
}
