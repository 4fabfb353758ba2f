import type { Logger } from 'pino';
import type { ExecuteSql } from '#lib/server/database/open.ts';
import type { Seat } from './seat.ts';
import { readStandings, type Standing } from './standing.ts';

/** Keeps every open socket's rights true: all are read again several times in two seconds, and at once when told. */
export interface Watch {
  check(seats: readonly Seat[]): Promise<void>;
  close(): void;
}

export interface WatchParts {
  executeSql: ExecuteSql;
  log: Logger;
  now(): Date;
  seats(): Seat[];
  everyMs: number;
  pingMs: number;
}

export function createWatch(parts: WatchParts): Watch {
  let isBusy = false;
  const sweeping = setInterval(() => void sweep(), parts.everyMs).unref();
  const pinging = setInterval(() => ping(parts.seats()), parts.pingMs).unref();

  async function sweep(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    try {
      await check(parts.seats());
    } catch (error) {
      parts.log.error({ err: error }, 'rights could not be read; sockets keep those they had');
    } finally {
      isBusy = false;
    }
  }

  async function check(seats: readonly Seat[]): Promise<void> {
    const holders = seats.map((seat) => ({ actor: seat.actor, notebookId: seat.room.notebookId }));
    const standings = await readStandings(parts.executeSql, holders, parts.now());
    seats.forEach((seat, index) => apply(seat, standings[index]!));
  }

  return {
    check,
    close: () => {
      clearInterval(sweeping);
      clearInterval(pinging);
    },
  };
}

function apply(seat: Seat, standing: Standing): void {
  if ('refused' in standing) seat.close(standing.refused);
  else if (standing.role !== seat.role) seat.changeRole(standing.role);
}

function ping(seats: readonly Seat[]): void {
  for (const seat of seats) seat.ping();
}
