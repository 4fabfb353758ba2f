/** Tells whoever waits that something changed. */
export class Bell {
  private waiting = new Set<() => void>();

  /** Whether somebody waits. */
  get isHeard(): boolean {
    return this.waiting.size > 0;
  }

  ring(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }

  /** Resolves when it rings the next time, or the signal is aborted. */
  heard(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        this.waiting.delete(wake);
        resolve();
      };
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', wake, { once: true });
      this.waiting.add(wake);
    });
  }
}
