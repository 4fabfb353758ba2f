import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { goalInWords, judge } from './verdict.ts';
import type { Goal, Verdict } from './verdict.ts';

/*
 * Every bench stands in this frame. Absolute times mean nothing on a shared machine, so a bench measures what we built
 * (candidate) against the barest thing that does the same work (baseline), side by side: B C C B B C C B …, so that a
 * drift of the machine falls on both. One round gives one ratio; the goal is judged over the rounds (verdict.ts). The
 * raw numbers are kept in bench/raw. The two measures return a cost (CPU milliseconds where they can be had, else wall
 * milliseconds or a rate) and whatever else is worth keeping.
 */

export interface Measured {
  cost: number;
  /** Kept with the raw numbers: percentiles, counts, sizes. */
  detail?: Record<string, unknown>;
}

export type Measure = () => Promise<number | Measured>;

export interface Bench {
  /** As GOALS names it: `Y1`. */
  name: string;
  goal: Goal;
  baseline: Measure;
  candidate: Measure;
  /** At least 5, after one round to warm up that is not counted. */
  rounds?: number;
  /** A line of facts for whoever reads the raw numbers. */
  note?: string;
}

export interface Round {
  baseline: Measured;
  candidate: Measured;
  ratio: number;
}

/** Measures, prints `NAME ratio (goal) pass|miss`, keeps the raw numbers, and returns the verdict. */
export async function run(bench: Bench): Promise<Verdict> {
  const rounds = await measureRounds(bench);
  const verdict = judge(
    rounds.map((round) => round.ratio),
    bench.goal,
  );
  await keep(bench, rounds, verdict);
  console.log(line(bench, verdict));
  return verdict;
}

/** Rounds in the order B C, C B, B C, … with the first, the warm-up, thrown away. */
export async function measureRounds(bench: Bench): Promise<Round[]> {
  const count = Math.max(5, bench.rounds ?? 5);
  const rounds: Round[] = [];
  for (let index = 0; index <= count; index += 1) rounds.push(await measureRound(bench, index % 2 === 0));
  return rounds.slice(1);
}

async function measureRound(bench: Bench, baselineFirst: boolean): Promise<Round> {
  let baseline: Measured;
  let candidate: Measured;
  if (baselineFirst) {
    baseline = measured(await bench.baseline());
    candidate = measured(await bench.candidate());
  } else {
    candidate = measured(await bench.candidate());
    baseline = measured(await bench.baseline());
  }
  return { baseline, candidate, ratio: candidate.cost / baseline.cost };
}

function measured(given: number | Measured): Measured {
  return typeof given === 'number' ? { cost: given } : given;
}

/** CPU milliseconds (user and system) this process spends on the work; worker threads count, child processes do not. */
export async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const spent = process.cpuUsage(before);
  return (spent.user + spent.system) / 1000;
}

/** Wall milliseconds, where the work waits for something outside this process. */
export async function wallOf(work: () => unknown): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

function line(bench: Bench, verdict: Verdict): string {
  const counted = `${verdict.held} of ${verdict.rounds} rounds`;
  return `${bench.name} ${verdict.ratio.toFixed(3)} (${goalInWords(bench.goal)}) ${verdict.pass ? 'pass' : 'miss'} · ${counted}`;
}

async function keep(bench: Bench, rounds: Round[], verdict: Verdict): Promise<void> {
  const folder = new URL('raw/', import.meta.url);
  const at = new Date().toISOString();
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model ?? '' };
  const kept = { name: bench.name, goal: bench.goal, at, note: bench.note ?? '', machine, verdict, rounds };
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${bench.name}-${at.replaceAll(':', '')}.json`, folder), JSON.stringify(kept, null, 2));
}
