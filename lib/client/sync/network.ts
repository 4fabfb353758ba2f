/** Follows the browser's word on the network; a socket would take half a minute to notice. Returns how to stop. */
export function watchNetwork(
  told: { offline(): void; online(): void },
  window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> = globalThis.window ?? new EventTarget(),
): () => void {
  const offline = () => told.offline();
  const online = () => told.online();
  window.addEventListener('offline', offline);
  window.addEventListener('online', online);
  return () => {
    window.removeEventListener('offline', offline);
    window.removeEventListener('online', online);
  };
}
