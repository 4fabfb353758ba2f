/** Calls each second or so while the page is seen, never before the call before has ended; at once when it is seen again. */
export function whileVisible(act: () => Promise<void>, everyMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let isBusy = false;
  const next = async () => {
    clearTimeout(timer);
    if (isOver || isBusy || document.visibilityState === 'hidden') return;
    isBusy = true;
    await act();
    isBusy = false;
    if (!isOver) timer = setTimeout(() => void next(), everyMs);
  };
  const seen = () => void next();
  document.addEventListener('visibilitychange', seen);
  timer = setTimeout(seen, 0);
  return () => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}
