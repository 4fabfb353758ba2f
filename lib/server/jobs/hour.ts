import { windowAt, type Window } from '#lib/job/window.ts';

/*
 * A windowless job's output by the hours in which events came: each batch gave a partition, whose key is the hour and its first
 * event, until they are folded into one or the hour is replayed.
 */

/** The hour in which events came that arrived then, ms. */
export function hourOf(received: number): Window {
  return windowAt({ unit: 'hour', size: 1 }, 'UTC', new Date(received));
}

/** Partitions of an hour sort by their first event. */
export function hourKey(hour: Pick<Window, 'start'>, first: number): string {
  return `${hourPrefix(hour)}${String(first).padStart(16, '0')}`;
}

export function hourPrefix({ start }: Pick<Window, 'start'>): string {
  return `${start.toISOString()}/`;
}
