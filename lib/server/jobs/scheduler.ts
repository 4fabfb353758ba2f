/** Turns time into runs. Rides on pg-boss; the database's run rows, not the queue, are the truth. */
export interface Scheduler {
  /** Registers or updates a job's cron; a paused job loses it. */
  plan(jobId: string): Promise<void>;
  /** Puts a queued run to work. */
  enqueue(runId: string): Promise<void>;
  /** Stops a running run: its child is killed, its state becomes cancelled. Cancels a queued one, too. */
  cancel(runId: string): Promise<void>;
  state(): 'ok' | 'down';
  /** Stops taking runs, ends those in hand and puts them back in the queue. */
  stop(): Promise<void>;
}
