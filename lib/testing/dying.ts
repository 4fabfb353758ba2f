import type { PrismaClient } from '#prisma/client/client.ts';

/*
 * A database client for one who shall be killed in the middle of a transaction: it counts the statements inside transactions and ends
 * this process with SIGKILL before one of them. `split` runs the statements of a transaction one by one, each for itself, as a commit
 * would be that was none: to show that the killer finds what is lost by that.
 */
export interface Dying {
  /** The number of the statement before which the process dies; 0: it does not. */
  before: number;
  split: boolean;
}

export function dying(db: PrismaClient, { before, split }: Dying): PrismaClient {
  let statements = 0;
  const counted = () => {
    statements += 1;
    if (statements === before) process.kill(process.pid, 'SIGKILL');
  };
  const inside = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (from, property) => {
        const value: unknown = Reflect.get(from, property);
        if (typeof value === 'function')
          return (...given: unknown[]): unknown => {
            counted();
            return value.apply(from, given);
          };
        return typeof value === 'object' && value !== null ? inside(value) : value;
      },
    });
  type Work = (tx: unknown) => Promise<unknown>;
  const transaction = (work: Work, options: object) =>
    split ? work(inside(db)) : db.$transaction((tx) => work(inside(tx)), options);
  return new Proxy(db, {
    get: (from, property) => {
      const value: unknown = Reflect.get(from, property);
      if (property === '$transaction') return transaction;
      return typeof value === 'function' ? value.bind(from) : value;
    },
  });
}
