/** Bytes handed from who brings them to who reads them, one piece at a time: bringing waits until the piece before was taken. */
export class Feed implements AsyncIterable<Uint8Array> {
  private piece: Uint8Array | null = null;
  private wake: (() => void) | null = null;

  /** Resolves when the reader has taken it. */
  async push(piece: Uint8Array): Promise<void> {
    while (this.piece) await this.sleep();
    this.piece = piece;
    this.awake();
    while (this.piece === piece) await this.sleep();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      while (!this.piece) await this.sleep();
      const { piece } = this;
      this.piece = null;
      this.awake();
      yield piece;
    }
  }

  private awake(): void {
    this.wake?.();
    this.wake = null;
  }

  private sleep(): Promise<void> {
    const before = this.wake;
    return new Promise((resolve) => {
      this.wake = () => {
        before?.();
        resolve();
      };
    });
  }
}
