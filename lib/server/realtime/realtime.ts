/**
 * Real-time jobs of this process. A session a job reads the job's stream from where it stands, decides which windows or batches
 * are due (lib/stream/progress.ts), builds them as offline jobs build theirs, and commits output, runs, position and counters
 * together. What stands in the database is the truth; this only says who works on it here.
 *
 * What the data layer calls lies beside it: `beginningOf` and `beginLive` when a first version is approved, `nextVersion` when
 * a later one is (begin.ts), `requestDrain` (drain.ts), `readLive` (view.ts: the `live` of a
 * JobView). A replay is asked for as a run is, if `replayProblem` (lib/server/jobs/replay-problem.ts) finds nothing against it.
 */
export interface RealTimeJobs {
  /** Something about the job changed (approved, paused, resumed, drained, a version): it is looked at now rather than soon. */
  wake(jobId: string): void;
  /** Looks for jobs that nobody works on, and takes them. It does so by itself every few seconds. */
  look(): Promise<void>;
  /** The jobs that this process works on. */
  working(): string[];
  /** Ends the sessions after the commits they are in, and gives their jobs back. */
  stop(): Promise<void>;
}
