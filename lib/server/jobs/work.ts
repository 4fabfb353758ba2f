import type { PromotionSpec } from '#lib/job/spec.ts';
import { localText } from '#lib/job/clock.ts';
import { windowParameters, type Window } from '#lib/job/window.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import type { About, Person } from '#lib/server/connections/connections.ts';

/** One window of a frozen query, and in whose name it is answered. A trial and a run are given the very same. */
export interface Work {
  projectId: string;
  spec: PromotionSpec;
  window: Window;
  /** Whose rights count on clusters: the job's owner, or who tries a promotion. */
  person: Person;
  /** Whose turn it takes here (Build.person). */
  turn: string;
  about: About;
  signal: AbortSignal;
  log(line: string): void;
}

/** The inputs as they were frozen, and the window. */
export function parametersOf({ spec, window }: Work): Parameters {
  return { ...spec.parameters, ...windowParameters(window, spec.timeZone, spec.windowAs) };
}

/** The window's start as the clock in the job's zone shows it: what each row of an output carries. */
export function windowText({ spec, window }: Work): string {
  return localText(window.start, spec.timeZone, 'timestamp');
}
