import type { KernelError, Position } from '#kernels/kernel.ts';
import type { QueryError } from './head.ts';
import type { Origin } from './prepare.ts';

/*
 * Trino's error as a KernelError: which kind it is, at its place in the source, and what to do. Trino names its errors
 * (`COLUMN_NOT_FOUND`) and puts the place before the message (`line 2:3: …`).
 */

type Code = KernelError['code'];

const codes: Record<string, Code> = {
  EXCEEDED_TIME_LIMIT: 'timeout',
  EXCEEDED_CPU_LIMIT: 'timeout',
  EXCEEDED_LOCAL_MEMORY_LIMIT: 'memory',
  EXCEEDED_GLOBAL_MEMORY_LIMIT: 'memory',
  CLUSTER_OUT_OF_MEMORY: 'memory',
  EXCEEDED_SPILL_LIMIT: 'memory',
  OUT_OF_SPILL_SPACE: 'memory',
  EXCEEDED_SCAN_LIMIT: 'refused',
  PERMISSION_DENIED: 'refused',
  READ_ONLY_VIOLATION: 'refused',
  QUERY_REJECTED: 'refused',
  QUERY_QUEUE_FULL: 'refused',
  USER_CANCELED: 'cancelled',
  ADMINISTRATIVELY_KILLED: 'cancelled',
  ADMINISTRATIVELY_PREEMPTED: 'cancelled',
  NOT_SUPPORTED: 'unsupported',
  FUNCTION_IMPLEMENTATION_MISSING: 'unsupported',
  ABANDONED_QUERY: 'lost',
  NO_NODES_AVAILABLE: 'lost',
  REMOTE_TASK_ERROR: 'lost',
  REMOTE_TASK_MISMATCH: 'lost',
  REMOTE_TASK_FAILED: 'lost',
  REMOTE_HOST_GONE: 'lost',
  TOO_MANY_REQUESTS_FAILED: 'lost',
  PAGE_TRANSPORT_ERROR: 'lost',
  PAGE_TRANSPORT_TIMEOUT: 'lost',
  SERVER_SHUTTING_DOWN: 'lost',
  SERVER_STARTING_UP: 'lost',
  MISSING_CATALOG_NAME: 'unknown-name',
  MISSING_SCHEMA_NAME: 'unknown-name',
};

/** Without `originOf`, as for statements of our own, no place is told. */
export function toFailure(said: QueryError, originOf: (place: Position) => Origin = () => null): KernelError {
  const text = said.message.replace(/^line \d+:\d+: /, '');
  const code = codeOf(said);
  const origin = placeOf(said, originOf);
  const error: KernelError = {
    code,
    message: messageOf(said, code, text, origin),
    detail: said.errorName === '' ? text : `${said.errorName}: ${text}`,
  };
  const hint = hintOf(said, code, text);
  if (hint !== undefined) error.hint = hint;
  if (origin && 'position' in origin) error.position = origin.position;
  return error;
}

export function codeOf({ errorName, errorType, errorLocation, message }: QueryError): Code {
  const known = codes[errorName];
  if (known) return known;
  if (errorName.endsWith('_NOT_FOUND')) return 'unknown-name';
  if (errorType === 'INSUFFICIENT_RESOURCES') return 'memory';
  const isOfText = errorType === 'USER_ERROR' && (errorLocation || /^line \d+:\d+: /.test(message));
  return isOfText ? 'syntax' : 'runtime';
}

function placeOf(said: QueryError, originOf: (place: Position) => Origin): Origin {
  const found = /^line (\d+):(\d+): /.exec(said.message);
  const location = said.errorLocation ?? (found && { lineNumber: Number(found[1]), columnNumber: Number(found[2]) });
  return location ? originOf({ line: location.lineNumber, column: location.columnNumber }) : null;
}

function messageOf(said: QueryError, code: Code, text: string, origin: Origin): string {
  const message = ours(said, code, text);
  return origin && 'relation' in origin ? `In ${origin.relation}, which this cell reads: ${message}` : message;
}

function ours({ errorName }: QueryError, code: Code, text: string): string {
  switch (errorName) {
    case 'SYNTAX_ERROR':
      return syntaxWords(text);
    case 'COLUMN_NOT_FOUND':
      return sentence(text.replace(/^Column '(.*)' cannot be resolved$/, 'There is no column $1'));
    case 'TABLE_NOT_FOUND':
      return sentence(text.replace(/^Table '(.*)' does not exist$/, 'There is no table $1'));
    case 'SCHEMA_NOT_FOUND':
      return sentence(text.replace(/^Schema '(.*)' does not exist$/, 'There is no schema $1'));
    case 'CATALOG_NOT_FOUND':
      return sentence(text.replace(/^Catalog '(.*)' (?:not found|does not exist)$/, 'There is no catalog $1'));
    case 'FUNCTION_NOT_FOUND':
      return sentence(text.replace(/^Function '(.*)' not registered$/, 'There is no function $1'));
    case 'READ_ONLY_VIOLATION':
      return 'The cluster refused to write: queries of cells only read.';
    case 'QUERY_QUEUE_FULL':
      return 'The cluster takes no more queries for now: its queue is full.';
    case 'ADMINISTRATIVELY_KILLED':
      return sentence(`Someone who runs the cluster stopped the query${text === '' ? '' : `: ${text}`}`);
    case 'ADMINISTRATIVELY_PREEMPTED':
      return 'The cluster stopped the query to make room for another.';
    case 'USER_CANCELED':
      return 'The query was stopped on the cluster.';
    case 'ABANDONED_QUERY':
      return 'The cluster gave the query up because nobody fetched its rows.';
    case 'EXCEEDED_TIME_LIMIT':
      return sentence(`The query took longer than the cluster allows: ${text}`);
  }
  if (code === 'memory') return 'The query needed more memory than the cluster gives it.';
  if (code === 'lost') return sentence(`The cluster lost a part of the query: ${text}`);
  return text === '' ? `The query failed (${errorName || 'for no reason given'}).` : sentence(text);
}

/** `mismatched input 'FROM'. Expecting: '*', …` */
function syntaxWords(text: string): string {
  const input = /^(?:mismatched|extraneous) input '([^]*?)'\. Expecting/.exec(text)?.[1];
  if (input === '<EOF>') return 'The text ends too early.';
  if (input === '?') return 'A parameter cannot stand here.';
  return input === undefined ? sentence(text) : `${input} cannot stand here.`;
}

function hintOf({ errorName }: QueryError, code: Code, text: string): string | undefined {
  const expected = /Expecting: ([^]+)$/.exec(text)?.[1];
  switch (errorName) {
    case 'SYNTAX_ERROR':
      if (/input '\?'/.test(text))
        return "Trino takes values only where an expression may stand: write INTERVAL '1' DAY * {{n}}.";
      return expected && expected.length <= 80 ? `Trino expects ${expected}.` : undefined;
    case 'MISSING_CATALOG_NAME':
    case 'MISSING_SCHEMA_NAME':
      return 'Write catalog.schema.table, or let the connection name a catalog and schema.';
    case 'INVALID_PARAMETER_USAGE':
      return 'Write {{name}} for a value, and add an input cell of that name.';
    case 'PERMISSION_DENIED':
      return 'Ask who runs the cluster for the right, or use another connection.';
    case 'READ_ONLY_VIOLATION':
      return 'Tables on the cluster are written by jobs; promote the query to keep its result.';
    case 'QUERY_QUEUE_FULL':
    case 'ADMINISTRATIVELY_PREEMPTED':
      return 'Run it again later.';
    case 'EXCEEDED_SCAN_LIMIT':
      return 'Read fewer columns or partitions.';
  }
  return hints[code];
}

const hints: Partial<Record<Code, string>> = {
  memory: 'Filter or aggregate earlier, select fewer columns, or avoid a join without a condition.',
  timeout: 'Filter earlier, or read fewer rows.',
  lost: 'Run it again; if it stays so, ask who runs the cluster.',
};

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
