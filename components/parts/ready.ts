import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** Whether the page listens yet: keys and presses before that are lost, and a form would be sent by the browser itself. */
export function useReady(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
