/** The name under which the cell's code is known to the engine, so that its lines are found in a stack. */
export const cellUrl = 'lodestar-cell.js';

/** What stands before the cell's first character, on its first line. */
export const opening = '(async function (__cell';

export interface Place {
  line: number;
  column: number;
}

/** The innermost line of the cell in a stack: the source's own line, since compiling moves none. */
export function lineOf(stack: string | undefined): Place | null {
  const found = /lodestar-cell\.js:(\d+):(\d+)/.exec(stack ?? '');
  if (!found) return null;
  return { line: Number(found[1]), column: Number(found[2]) };
}
