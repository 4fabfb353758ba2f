import { landing, textsOf, type Reads } from '#lib/job/reading.ts';
import type { Step } from '#lib/job/spec.ts';
import { sameName } from '#lib/notebook/name.ts';
import { readsOfTrino } from '#kernels/server.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { placedDatasets, rowsOf, type Placed } from '#lib/server/warehouse/placed.ts';
import type { Work } from './work.ts';

/** What the steps of a job read, asked anew each time: what a name stands for may have changed since it was frozen. */
export interface Reading {
  reads: Reads;
  /** The steps whose rows must come from a cluster to the warehouse. */
  landing: Step[];
  /** Datasets of the project the steps read, whose rows are on a cluster. */
  placed: Placed[];
  /** Names the warehouse's own steps read that no step has. */
  names: string[];
}

type World = Pick<Lodestar, 'db' | 'warehouse'>;

export async function readingOf(
  { db, warehouse }: World,
  { projectId, spec, events }: Pick<Work, 'projectId' | 'spec' | 'events'>,
): Promise<Reading> {
  const reads = new Map<Step, string[]>();
  for (const step of spec.steps)
    reads.set(step, await (step.engine === 'trino' ? readsOfTrino(step.sql) : warehouse.kernel.reads(step.sql)));
  const isStep = (name: string) => spec.steps.some((step) => sameName(step.name, name));
  const others = [...new Set([...reads.values()].flat())].filter((name) => !isStep(name));
  const isOwn = (name: string) => events !== undefined && sameName(name, events.name);
  const here = spec.steps.filter((step) => step.engine !== 'trino').flatMap((step) => reads.get(step) ?? []);
  return {
    reads,
    landing: landing(reads, spec.place !== undefined),
    placed: await placedDatasets(
      db,
      projectId,
      others.filter((name) => !isOwn(name)),
    ),
    names: others.filter((name) => here.some((each) => sameName(each, name))),
  };
}

/** The texts that go in front of a step's own where it runs: datasets on its connection, then the steps it reads. */
export function textsBefore({ reads, placed }: Reading, step: Step): { name: string; sql: string }[] {
  const steps = textsOf(step, reads);
  const names = [step, ...steps].flatMap((each) => reads.get(each) ?? []);
  const datasets = placed.filter(
    ({ name, place }) => place.connection === step.connection && names.some((each) => sameName(each, name)),
  );
  return [...datasets.map(({ name, place }) => ({ name, sql: rowsOf(place) })), ...steps];
}
