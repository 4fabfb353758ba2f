import type { WorkerMessage } from '#kernels/typescript/message.ts';
import { lineOf } from './line.ts';
import { show } from './show.ts';

const maxLogs = 1000;
const maxLog = 4000;

type Level = Extract<WorkerMessage, { type: 'log' }>['level'];

/** A console that tells the page, up to a thousand lines a run. */
export function makeConsole(tell: (message: WorkerMessage) => void): Record<string, (...given: unknown[]) => void> {
  let count = 0;
  const log = (level: Level, given: unknown[], line?: number) => {
    if (++count > maxLogs + 1) return;
    if (count > maxLogs)
      return tell({ type: 'log', level: 'warn', text: `More than ${maxLogs} lines: the rest is left out.` });
    const text = given.map((value) => (typeof value === 'string' ? value : show(value).text)).join(' ');
    tell({
      type: 'log',
      level,
      text: text.length > maxLog ? `${text.slice(0, maxLog)}…` : text,
      ...(line && { line }),
    });
  };
  const at =
    (level: Level) =>
    (...given: unknown[]) =>
      log(level, given, lineOf(new Error().stack)?.line);
  const quiet = () => undefined;
  return {
    log: at('log'),
    debug: at('log'),
    table: at('log'),
    dir: at('log'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    trace: at('warn'),
    assert: (isTrue: unknown, ...given: unknown[]) => {
      if (!isTrue) log('error', ['Assertion failed:', ...given], lineOf(new Error().stack)?.line);
    },
    group: at('log'),
    groupEnd: quiet,
    time: quiet,
    timeEnd: quiet,
    count: quiet,
  };
}
