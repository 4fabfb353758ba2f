import { sameName } from '#lib/notebook/name.ts';
import type { Step } from './spec.ts';

/*
 * Which of a job's steps go where. A step on a cluster that only others of its connection read is a part of their text and
 * never runs by itself; one that the warehouse reads must land there. `reads` are the names each step's text reads.
 */
export type Reads = ReadonlyMap<Step, readonly string[]>;

/** The steps of the same connection whose text goes in front of this one's, each after what it reads itself. */
export function textsOf(step: Step, reads: Reads): Step[] {
  const wanted = new Set<Step>();
  const visit = (at: Step) => {
    for (const name of reads.get(at) ?? []) {
      const read = [...reads.keys()].find((each) => isBeside(each, at) && sameName(each.name, name));
      if (!read || wanted.has(read) || read === step) continue;
      visit(read);
      wanted.add(read);
    }
  };
  visit(step);
  return [...wanted];
}

/** The steps on a cluster whose rows the warehouse needs: those its own steps read, and the output where it must stand there. */
export function landing(reads: Reads, isPlaced: boolean): Step[] {
  const steps = [...reads.keys()];
  const last = steps.at(-1);
  const wanted = steps.filter((step) => step.engine !== 'trino').flatMap((step) => reads.get(step) ?? []);
  return steps.filter(
    (step) =>
      step.engine === 'trino' && ((step === last && !isPlaced) || wanted.some((name) => sameName(name, step.name))),
  );
}

function isBeside(a: Step, b: Step): boolean {
  return a.engine === 'trino' && a.connection === b.connection;
}
