import { useSyncExternalStore } from 'react';

/** The address this page came from; a server that draws it does not know it. */
export function useOrigin(): string {
  return useSyncExternalStore(
    () => () => undefined,
    () => location.origin,
    () => '',
  );
}
