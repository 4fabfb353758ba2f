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
  /** Of a real-time job: which events of its stream are there to be read. */
  events?: Events;
  signal: AbortSignal;
  log(line: string): void;
}

/** The events of a stream with numbers in [from, below), from its beginning without `from`. */
export interface Events {
  streamId: string;
  /** By which the text reads it. */
  name: string;
  from?: number;
  below: number;
  /** Of a windowless job: ms after which events that fail by themselves are looked for no longer, and the rest is not answered. */
  patience?: number;
}

/** The inputs as they were frozen, and the window. */
export function parametersOf({ spec, window }: Work): Parameters {
  return { ...spec.parameters, ...windowParameters(window, zoneOf(spec), spec.windowAs) };
}

/** The window's start as its query sees it: what each row of an output carries. */
export function windowText({ spec, window }: Work): string {
  return localText(window.start, zoneOf(spec), 'timestamp');
}

/** By whose clock a window is told to the query: streams keep their times in UTC, so windows over them are told in UTC. */
export function zoneOf({ realtime, timeZone }: PromotionSpec): string {
  return realtime ? 'UTC' : timeZone;
}
