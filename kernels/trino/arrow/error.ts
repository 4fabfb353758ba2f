export type PageFault = 'malformed' | 'shape' | 'value' | 'does-not-fit' | 'columns' | 'too-deep';

/** The column whose later values the kept schema cannot hold, and what to write instead. */
export interface Misfit {
  column: string;
  /** Trino's type of what did not fit. */
  type: string;
  /** The value as the cluster sent it, at most 80 characters of it. */
  value: string;
  /** An expression that makes it fit: `at_timezone(paid, 'UTC')`. */
  instead: string;
}

/**
 * What is wrong with the bytes of a page. `malformed`: no JSON. `shape`: a row with too few or too many values, a string
 * where a number should be. `value`: right in kind and not of its type, like 300 in a TINYINT. `does-not-fit`: a good value
 * that the schema chosen from the first page cannot hold exactly. `columns`: none, others than before, or a type nobody
 * can read. `too-deep`: nested beyond what we follow.
 */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly fault: PageFault;
  /** Where in the page's bytes; null where it concerns no place. */
  readonly offset: number | null;
  readonly misfit: Misfit | null;
  /** The message without the place. */
  readonly bare: string;

  constructor(fault: PageFault, message: string, offset: number | null = null, misfit: Misfit | null = null) {
    super(offset === null ? message : `${message} (at byte ${offset})`);
    this.fault = fault;
    this.offset = offset;
    this.misfit = misfit;
    this.bare = message;
  }
}

export function malformed(what: string, at: number): never {
  throw new PageError('malformed', `The cluster's answer is not JSON: ${what}.`, at);
}
