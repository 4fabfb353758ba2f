import { Problem, conflict } from '#lib/server/problem.ts';
import type { LogDamaged } from './segment.ts';

/** What senders are told when a batch is not stored; all but the first two pass. */

export function keyUsed(): Problem {
  const detail = 'This Idempotency-Key came before with another body. Give each batch a key of its own.';
  return new Problem(422, 'key-used', detail);
}

/** Told to those who fetch, never to people: who reads a part asks again how far it was read. */
export function readOtherwise(): Problem {
  return conflict('read-otherwise', 'This part of the source was read further or otherwise meanwhile.');
}

export function damaged({ message }: LogDamaged): Problem {
  return new Problem(503, 'log-damaged', message);
}

export function missing(file: string): Problem {
  return new Problem(503, 'log-damaged', `${file} is missing. Bring it back from a backup.`);
}

export function elsewhere(): Problem {
  const detail = 'This stream is written by another Lodestar. Try again in a moment, or send the events there.';
  return new Problem(503, 'stream-elsewhere', detail, { retryAfter: 5 });
}

/** Also told to who reads: a log is read through its writer. */
export function tooManyOpen(most: number): Problem {
  const detail = `This Lodestar has ${most} streams in use at once, as many as it may. Nothing was stored or read: try again in a moment.`;
  return new Problem(503, 'too-many-open', detail, { retryAfter: 5 });
}

export function interrupted(): Problem {
  const detail =
    'The batch may not have been stored. Send it again with the same Idempotency-Key, and it is stored once.';
  return new Problem(503, 'not-stored', detail, { retryAfter: 1 });
}

/** A full disk is said as such; it is the operator's to mend. */
export function notWritten(error: unknown): Problem {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return interrupted();
  const detail = 'The disk of this Lodestar is full: the batch was not acknowledged. Send it again when there is room.';
  return new Problem(503, 'disk-full', detail, { retryAfter: 30 });
}
