const window = 60;

/** Events a second over the last minute, counted by whole seconds. */
export class Rate {
  private counts = new Float64Array(window);
  private seconds = new Float64Array(window);

  add(events: number, nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const slot = second % window;
    if (this.seconds[slot] !== second) this.counts[slot] = 0;
    this.seconds[slot] = second;
    this.counts[slot]! += events;
  }

  perSecond(nowMs: number): number {
    const oldest = Math.floor(nowMs / 1000) - window;
    let sum = 0;
    for (let slot = 0; slot < window; slot++) if (this.seconds[slot]! > oldest) sum += this.counts[slot]!;
    return sum / window;
  }
}
