import { KernelFailure } from '#kernels/failure.ts';
import type { Stop } from '#kernels/stop.ts';
import { WorkerMessage } from './message.ts';

const maxMessages = 10_000;

/** What a run says, checked, in order, until it has said its last word or is stopped. */
export async function* readInbox(port: MessagePort, stop: Stop): AsyncGenerator<WorkerMessage> {
  const waiting: unknown[] = [];
  let wake: () => void = () => undefined;
  let count = 0;
  port.addEventListener('message', ({ data }) => {
    if (++count > maxMessages + 1) return port.close();
    waiting.push(data);
    wake();
  });
  port.start();
  const forget = stop.onStop(() => wake());
  try {
    while (!stop.reason) {
      if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      else yield checked(waiting.shift(), count);
    }
    throw new KernelFailure(stop.error());
  } finally {
    forget();
    port.close();
  }
}

function checked(data: unknown, count: number): WorkerMessage {
  const message = WorkerMessage.safeParse(data);
  if (message.success && count <= maxMessages) return message.data;
  throw new KernelFailure({
    code: 'refused',
    message: 'The cell sent what no result is made of.',
    hint: 'Return a value, or rows as an array of objects.',
    detail: message.success ? `${count} messages` : message.error.message.slice(0, 1000),
  });
}
