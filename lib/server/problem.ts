/** Says that something is a Problem in whichever module graph it was made: Next's bundle has a second one, with a class of its own. */
const mark = Symbol.for('lodestar.problem');

/** An expected refusal, answered as RFC 9457 `application/problem+json`. `code` is stable: scripts may branch on it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Record<string, unknown>;
  readonly [mark] = true;

  static override [Symbol.hasInstance](value: unknown): value is Problem {
    return typeof value === 'object' && value !== null && mark in value;
  }

  constructor(status: number, code: string, detail: string, extra: Record<string, unknown> = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

export const badRequest = (detail: string, extra = {}) => new Problem(400, 'bad-request', detail, extra);
export const signInNeeded = () =>
  new Problem(401, 'sign-in-needed', 'Sign in, or send a valid token as Authorization: Bearer.');
export const forbidden = (detail: string) => new Problem(403, 'forbidden', detail);
/** Also for what exists but may not be known: a stranger cannot tell the two apart. */
export const notFound = (what: string) =>
  new Problem(404, 'not-found', `There is no such ${what}, or it is not shared with you.`);
export const conflict = (code: string, detail: string, extra = {}) => new Problem(409, code, detail, extra);
