import type { StreamReader } from '#lib/stream/view.ts';

/** Of the jobs on a stream: one with windows that goes on, else one that goes on, else any. */
export function shownFirst(readers: readonly StreamReader[]): StreamReader | undefined {
  const isOn = ({ state, trouble }: StreamReader) => state !== 'paused' && trouble === null;
  return readers.find((each) => isOn(each) && each.kind === 'tumbling') ?? readers.find(isOn) ?? readers[0];
}
