import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { changesOf, paced, type LineState, type Published } from './changes.ts';

/** ms between two readings of the same place. */
const everyMs = 1000;

const none = () => {};

/**
 * Calls `onChange` when something of the project that `concerns` says yes to was published, at most once a second, and when
 * something may have been missed. Gives the state of the line, for the mark that says whether the page is live.
 */
export function useChanges(
  projectId: string,
  concerns: (change: Published) => boolean,
  onChange: () => void,
): LineState {
  const isMine = useEffectEvent(concerns);
  const read = useEffectEvent(onChange);
  useEffect(() => {
    const soon = paced(() => read(), everyMs);
    const stop = changesOf(projectId).listen({
      published: (change) => {
        if (isMine(change)) soon();
      },
      again: soon,
    });
    return () => {
      stop();
      soon.stop();
    };
  }, [projectId]);
  return useSyncExternalStore(
    (listener) => (typeof EventSource === 'undefined' ? none : changesOf(projectId).listen({ state: listener })),
    () => changesOf(projectId).state(),
    () => 'connecting',
  );
}
