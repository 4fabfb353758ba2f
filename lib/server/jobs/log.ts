import type { Lodestar } from '#lib/server/lodestar.ts';

export type RunLog = (text: string) => Promise<void>;

const longest = 2000;

/** Adds lines to a run's log, in the order given. A line that cannot be stored is noted in the server's log: it stops no run. */
export function runLog({ db, log, now }: Pick<Lodestar, 'db' | 'log' | 'now'>, runId: string): RunLog {
  let last: Promise<unknown> = Promise.resolve();
  return async (text) => {
    const data = { runId, at: now(), text: text.slice(0, longest) };
    last = last
      .then(() => db.runLine.create({ data }))
      .catch((error) => log.warn({ err: error, runId }, 'a line of a run was not stored'));
    await last;
  };
}
