import type { KernelError, Position } from '#kernels/kernel.ts';
import type { WorkerMessage } from './message.ts';

type Failed = Extract<WorkerMessage, { type: 'failed' }>;

/** What a cell threw, in the lines of its source. */
export function toKernelError({ name, message, stack, line, column }: Failed, source: string): KernelError {
  const position = positionIn(source, line, column);
  const unknown = /^(\S+) is not defined$/.exec(message);
  const place = position && { position };
  if (name === 'ReferenceError' && unknown) {
    const hint = 'Name a cell so, or declare it in this one.';
    return { code: 'unknown-name', message: `There is no ${unknown[1]}.`, hint, detail: stack, ...place };
  }
  const code = name === 'SyntaxError' ? 'syntax' : 'runtime';
  return { code, message: name === 'Error' ? message : `${name}: ${message}`, detail: stack, ...place };
}

/** Compiling keeps lines but may shift columns, so a column is only near. */
function positionIn(source: string, line: number | undefined, column = 1): Position | undefined {
  const text = line === undefined ? undefined : source.split('\n')[line - 1];
  if (line === undefined || text === undefined) return undefined;
  return { line, column: Math.max(1, Math.min(column, text.length)) };
}
