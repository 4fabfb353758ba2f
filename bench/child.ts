import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A server of a bench in its own process; over IPC it first says `{ port }`, then `{ cpu }` whenever asked. */
export interface Child {
  url: string;
  /** CPU milliseconds spent so far. */
  cpu(): Promise<number>;
  close(): Promise<void>;
}

export async function startChild(script: URL): Promise<Child> {
  const child = fork(script, { execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `ws://127.0.0.1:${port}`,
    cpu: async () => {
      child.send('cpu');
      const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }];
      return (cpu.user + cpu.system) / 1000;
    },
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
