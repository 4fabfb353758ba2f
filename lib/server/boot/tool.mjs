import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/*
 * Runs the tools behind `npm start`, `npm test` and the rest. These scripts run on whichever Node the machine has (20 or
 * newer) and before anything is installed; what they start runs on the Node that the project pins, first on PATH.
 */

export const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');
const bin = join(root, 'node_modules/.bin');

export function environment(extra = {}) {
  return {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    NEXT_TELEMETRY_DISABLED: '1',
    CHECKPOINT_DISABLE: '1',
    ...extra,
  };
}

/** Runs a tool in the foreground; gives its exit code. Signals that reach us reach it. */
export async function run(command, args, { env = {} } = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: environment(env) });
  const pass = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  try {
    return await exitOf(child);
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}

/** Runs a tool out of sight; its output comes with the error when it fails. */
export async function quietly(command, args, { env = {} } = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: environment(env) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await exitOf(child);
  if (code !== 0) throw new Failure(`${command} ${args.join(' ')} failed:\n${output.trim()}`, code);
  return output;
}

/** A step that failed; its words have been chosen for people. */
export class Failure extends Error {
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

/** Runs a script's main function; a failure is said and becomes the exit code. */
export async function script(main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.code;
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A child that a signal ended has the code a shell would give. */
function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Failure(`${child.spawnfile} cannot be run: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (numbers[signal] ?? 0)));
  });
}

const numbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
