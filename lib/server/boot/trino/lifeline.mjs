import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

/*
 * Children that never outlive us. One is ended on purpose with stop(); should we be killed with -9, its lifeline (a
 * shell that waits for the pipe from us to close) ends it in our place.
 */

/**
 * Starts a program with its output in `log`. `detached` from our terminal, so that Ctrl-C reaches us alone and we end
 * things in order.
 */
export function spawnBound(command, args, { log, env = process.env, append = false }) {
  const output = openSync(log, append ? 'a' : 'w');
  const child = spawn(command, args, { stdio: ['ignore', output, output], env, detached: true });
  closeSync(output);
  const gone = ended(child);
  if (child.pid) tie(child, gone);
  return {
    pid: child.pid,
    gone,
    stop: () => stop(child, gone),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Resolves with words on how the child ended; a program that cannot be run has ended too. */
async function ended(child) {
  try {
    const [code, signal] = await once(child, 'exit');
    return signal ? `was ended by ${signal}` : `ended with code ${code}`;
  } catch (error) {
    return `cannot be run: ${error.message}`;
  }
}

function tie(child, gone) {
  const script = 'read -r end; kill -KILL "$1" 2>/dev/null';
  const lifeline = spawn('sh', ['-c', script, 'lifeline', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  lifeline.unref();
  lifeline.stdin.unref?.();
  // The number of a process that is gone may be given to another one: cut the lifeline at once.
  void gone.then(() => lifeline.kill('SIGKILL'));
}

const patience = 30_000;

/** SIGTERM, and SIGKILL for one that has not ended after `patience` ms. */
async function stop(child, gone) {
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), patience);
  await gone;
  clearTimeout(last);
}
