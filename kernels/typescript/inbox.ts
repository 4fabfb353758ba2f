import { KernelFailure } from '#kernels/failure.ts';
import type { KernelError } from '#kernels/kernel.ts';
import type { Stop } from '#kernels/stop.ts';
import { WorkerMessage } from './message.ts';

const maxMessages = 10_000;

/** What one run says, checked, in order, until the reader has enough, the run is stopped or the sandbox dies. */
export class Inbox {
  private readonly waiting: unknown[] = [];
  private count = 0;
  private lost: KernelError | null = null;
  private wake: () => void = () => undefined;

  /** Takes in what comes through the port. */
  listen(port: MessagePort): void {
    port.addEventListener('message', ({ data }) => {
      if (++this.count > maxMessages + 1) return port.close();
      this.waiting.push(data);
      this.wake();
    });
    port.start();
  }

  /** Nothing will come any more. */
  lose(error: KernelError): void {
    this.lost = error;
    this.wake();
  }

  async *read(stop: Stop): AsyncGenerator<WorkerMessage> {
    const forget = stop.onStop(() => this.wake());
    try {
      while (!stop.reason) {
        if (this.waiting.length > 0) yield this.take();
        else if (this.lost) throw new KernelFailure(this.lost);
        else await new Promise<void>((resolve) => (this.wake = resolve));
      }
      throw new KernelFailure(stop.error());
    } finally {
      forget();
    }
  }

  private take(): WorkerMessage {
    const message = WorkerMessage.safeParse(this.waiting.shift());
    if (message.success && this.count <= maxMessages) return message.data;
    throw new KernelFailure({
      code: 'refused',
      message: 'The cell sent what no result is made of.',
      hint: 'Return a value, or rows as an array of objects.',
      detail: message.success ? `${this.count} messages` : message.error.message.slice(0, 1000),
    });
  }
}
