import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A collaboration server in its own process (collaboration-server.ts), signed in as the owner of its notebooks. */
export interface CollaborationProcess {
  url: string;
  headers: Record<string, string>;
  notebook(): Promise<string>;
  /** CPU spent so far, in ms. */
  cpu(): Promise<number>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Drains, then ends. */
  close(): Promise<void>;
}

export async function startCollaboration(dataDir: string, limits: object = {}): Promise<CollaborationProcess> {
  const child = fork(new URL('collaboration-server.ts', import.meta.url), [dataDir, JSON.stringify(limits)], {
    execArgv: [],
  });
  const { port, headers } = await message<{ port: number; headers: Record<string, string> }>(child);
  return {
    url: `ws://127.0.0.1:${port}/collaboration`,
    headers,
    notebook: async () => (await ask<{ notebookId: string }>(child, 'notebook')).notebookId,
    cpu: async () => {
      const { cpu } = await ask<{ cpu: NodeJS.CpuUsage }>(child, 'cpu');
      return (cpu.user + cpu.system) / 1000;
    },
    kill: () => end(child, 'SIGKILL'),
    close: async () => {
      await ask(child, 'drain');
      await end(child, 'SIGTERM');
    },
  };
}

async function ask<T>(child: ChildProcess, what: string): Promise<T> {
  const answer = message<T>(child);
  child.send(what);
  return answer;
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('The collaboration server ended.'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
