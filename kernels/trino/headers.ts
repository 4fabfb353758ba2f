import { KernelFailure } from '#kernels/failure.ts';
import type { TrinoTarget } from './target.ts';

/*
 * What every request tells the cluster. Names that decide who someone is or what is read go as they are or not at all;
 * labels for people are made fit for a header.
 */

/** Encodings of spooled results we read, best first. */
const encodings = 'json+zstd,json';

export interface StatementHeaders {
  /** 'NONE' where no transaction is begun. */
  transaction: string;
  spooling: boolean;
}

export function headersOf(target: TrinoTarget, about: StatementHeaders): Record<string, string> {
  const session = Object.entries(target.session).map(([name, value]) => `${exact(name)}=${encodeURIComponent(value)}`);
  const headers: Record<string, string> = {
    ...identityOf(target),
    'content-type': 'text/plain; charset=utf-8',
    'x-trino-source': label(target.source),
    'x-trino-client-tags': target.clientTags.map((tag) => label(tag).replaceAll(',', '%2C')).join(','),
    'x-trino-client-info': label(target.clientInfo),
    'x-trino-trace-token': label(target.traceToken),
    'x-trino-catalog': exact(target.catalog),
    'x-trino-schema': exact(target.schema),
    'x-trino-session': session.join(','),
    'x-trino-time-zone': 'UTC',
    'x-trino-client-capabilities': 'PARAMETRIC_DATETIME',
    'x-trino-transaction-id': exact(about.transaction),
  };
  if (about.spooling) headers['x-trino-query-data-encoding'] = encodings;
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

/** Who asks; goes to the pinned origin alone. */
export function identityOf(target: TrinoTarget): Record<string, string> {
  const user = { 'x-trino-user': exact(target.user), 'user-agent': 'lodestar' };
  return target.authorization === null ? user : { ...user, authorization: exact(target.authorization) };
}

/** A value that must arrive as it is. Throws KernelFailure where a header cannot carry it. */
export function exact(value: string): string {
  if (/^[\x21-\x7e]+( +[\x21-\x7e]+)*$|^$/.test(value)) return value;
  throw new KernelFailure({
    code: 'refused',
    message: 'A user, catalog, schema or session property has letters that cannot be sent to the cluster.',
    hint: 'Use plain ASCII without line breaks; qualify names within the SQL text instead.',
  });
}

/** A value for people to read: what a header cannot carry is percent-encoded, and no more than 1,000 characters are sent. */
export function label(value: string): string {
  const text = value.slice(0, 1000).trim().toWellFormed();
  return text.replaceAll(/[^\x20-\x7e]/gu, (letter) => encodeURIComponent(letter));
}
