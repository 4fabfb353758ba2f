import { ConnectionInput, ConnectionLimits, type Identity } from '#lib/connection/settings.ts';
import type { ConnectionView } from '#lib/connection/view.ts';

/*
 * The fields of a connection as they are typed, and what they mean. A field that is wrong says so by itself; nothing is sent
 * before all are right.
 */
export interface ConnectionForm {
  name: string;
  /** With its scheme, without its port. */
  host: string;
  port: string;
  catalog: string;
  schema: string;
  /** `name=value`, separated by commas or lines. */
  session: string;
  /** PEM of the cluster's own certificate authority. */
  authority: string;
  kind: Identity['kind'];
  account: string;
  /** Only what was typed now; a kept one never comes back to the page. */
  secret: string;
  becomes: 'email' | 'local-part';
  /** `e-mail = user`, a line each. */
  exceptions: string;
  scanGB: string;
  minutes: string;
  rows: string;
  resultMB: string;
  perPerson: string;
  together: string;
  cacheMinutes: string;
  /** `catalog.schema`. */
  writes: string;
}

export type Field = keyof ConnectionForm;
export type Problems = Partial<Record<Field, string>>;
export type Read = { ok: true; input: ConnectionInput } | { ok: false; problems: Problems };

const bytes = { MB: 2 ** 20, GB: 1e9 };

export function emptyForm(): ConnectionForm {
  const limits = ConnectionLimits.parse({});
  return {
    name: '',
    host: '',
    port: '',
    catalog: '',
    schema: '',
    session: '',
    authority: '',
    kind: 'service',
    account: '',
    secret: '',
    becomes: 'local-part',
    exceptions: '',
    ...limitFields(limits),
    writes: '',
  };
}

export function formOf({ name, url, settings }: Pick<ConnectionView, 'name' | 'url' | 'settings'>): ConnectionForm {
  const { protocol, hostname, port } = new URL(url);
  const { identity, limits, catalog, schema, session, authority, writes } = settings;
  const mapped = identity.kind === 'person' ? { becomes: 'local-part' as const, exceptions: {} } : identity;
  return {
    name,
    host: `${protocol}//${hostname}`,
    port: port || (protocol === 'https:' ? '443' : '80'),
    catalog,
    schema,
    session: linesOf(session, '=').join(', '),
    authority,
    kind: identity.kind,
    account: identity.kind === 'service' ? identity.account : '',
    secret: '',
    becomes: mapped.becomes,
    exceptions: linesOf(mapped.exceptions, ' = ').join('\n'),
    ...limitFields(limits),
    writes,
  };
}

function limitFields(limits: ConnectionLimits) {
  return {
    scanGB: limits.scanBytes === null ? '' : String(limits.scanBytes / bytes.GB),
    minutes: String(limits.time / 60),
    rows: limits.rows.toLocaleString('en-GB'),
    resultMB: String(limits.resultBytes / bytes.MB),
    perPerson: String(limits.perPerson),
    together: String(limits.together),
    cacheMinutes: String(limits.cache / 60),
  };
}

/** `isKept`: the secret that is kept on the server serves these fields, so that none need be typed. */
export function readForm(form: ConnectionForm, isKept: boolean): Read {
  const problems: Problems = { ...addressProblems(form), ...identityProblems(form, isKept), ...limitProblems(form) };
  const session = pairsIn(form.session.split(/[,\n]/), '=');
  const exceptions = pairsIn(form.exceptions.split(/[,\n]/), '=');
  if (!session) problems.session = 'Write each property as name=value, separated by commas.';
  if (!exceptions && form.kind !== 'person')
    problems.exceptions = 'Write each exception as e-mail = user, a line each.';
  if (form.authority.trim() && !/-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----/.test(form.authority))
    problems.authority = 'This is no certificate in PEM: it begins with -----BEGIN CERTIFICATE----- and has its end.';
  if (form.schema.trim() && !form.catalog.trim()) problems.catalog = 'A schema needs its catalog.';
  if (form.writes.trim() && !/^[^.\s]+\.[^.\s]+$/.test(form.writes.trim()))
    problems.writes = 'Write where jobs may write as catalog.schema, or leave it empty.';
  if (Object.keys(problems).length > 0) return { ok: false, problems };
  const read = ConnectionInput.safeParse(inputOf(form, session ?? {}, exceptions ?? {}));
  return read.success ? { ok: true, input: read.data } : { ok: false, problems: problemsIn(read.error.issues) };
}

function inputOf(form: ConnectionForm, session: Record<string, string>, exceptions: Record<string, string>) {
  const { kind, becomes } = form;
  const identity =
    kind === 'person'
      ? { kind }
      : { kind, becomes, exceptions, ...(kind === 'service' && { account: form.account.trim() }) };
  const secret = kind === 'service' ? form.secret || undefined : null;
  const account = form.account.trim();
  const own = kind === 'person' && account && form.secret ? { account, secret: form.secret } : null;
  return {
    name: form.name.trim(),
    url: addressOf(form),
    settings: {
      catalog: form.catalog.trim(),
      schema: form.schema.trim(),
      session,
      authority: form.authority.trim(),
      identity,
      limits: {
        rows: numberIn(form.rows),
        resultBytes: Math.round(Number(form.resultMB) * bytes.MB),
        scanBytes: form.scanGB.trim() ? Math.round(Number(form.scanGB) * bytes.GB) : null,
        time: Math.round(Number(form.minutes) * 60),
        perPerson: Number(form.perPerson),
        together: Number(form.together),
        cache: Math.round(Number(form.cacheMinutes) * 60),
      },
      writes: form.writes.trim(),
    },
    ...(secret !== undefined && { secret }),
    ...(own && { own }),
  };
}

/** `trino.example.net` means https; the port of its own field wins over one in the address. */
export function addressOf({ host, port }: Pick<ConnectionForm, 'host' | 'port'>): string {
  const url = urlOf(host);
  if (port.trim()) url.port = port.trim();
  return `${url.protocol}//${url.host}`;
}

function urlOf(host: string): URL {
  const typed = host.trim();
  return new URL(/^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`);
}

/** Whether a password given for `kept` may be sent to what the form says: same address, same authority, same account. */
export function isSameReach(form: ConnectionForm, kept: ConnectionForm): boolean {
  const isSameAccount = form.kind === kept.kind && (form.kind !== 'service' || form.account === kept.account);
  return (
    isAddress(form) &&
    addressOf(form) === addressOf(kept) &&
    form.authority.trim() === kept.authority.trim() &&
    isSameAccount
  );
}

/**
 * Whether one's own account is typed among the fields: the connection would be one of each person's own, and it is not kept as
 * such at this address, where one's account is given by itself (account.tsx).
 */
export function takesOwn(form: ConnectionForm, kept: ConnectionForm | null): boolean {
  return form.kind === 'person' && !(kept?.kind === 'person' && isSameReach(form, kept));
}

function addressProblems(form: ConnectionForm): Problems {
  const problems: Problems = {};
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(form.name.trim()))
    problems.name = 'Small letters, digits and _, beginning with a letter: lake_eu.';
  if (!form.host.trim()) problems.host = 'The address of the coordinator, like https://trino.example.net.';
  else if (!isAddress(form))
    problems.host = 'An http or https address and nothing after it: https://trino.example.net.';
  if (form.port.trim() && !isWhole(form.port, 1, 65_535)) problems.port = 'A port is a number up to 65535.';
  return problems;
}

function isAddress(form: ConnectionForm): boolean {
  try {
    const { protocol, hostname, pathname, search, hash, username, password } = urlOf(form.host);
    const isBare = pathname === '/' && [search, hash, username, password].every((part) => part === '');
    return /^https?:$/.test(protocol) && hostname !== '' && isBare && URL.canParse(addressOf(form));
  } catch {
    return false; // what the platform cannot read as an address is none
  }
}

function identityProblems(form: ConnectionForm, isKept: boolean): Problems {
  if (form.kind === 'none' || (form.kind === 'person' && isKept && !form.account && !form.secret)) return {};
  const problems: Problems = {};
  const whose =
    form.kind === 'service' ? 'The account that signs in for everyone.' : 'Your own account, to try it with.';
  if (!form.account.trim()) problems.account = whose;
  if (!form.secret && (!isKept || form.kind === 'person')) problems.secret = 'Its password. It stays on the server.';
  return problems;
}

function limitProblems(form: ConnectionForm): Problems {
  const problems: Problems = {};
  const says = (field: Field, isRight: boolean, words: string) => {
    if (!isRight) problems[field] = words;
  };
  says('scanGB', !form.scanGB.trim() || isAbove(form.scanGB, 0), 'A number above 0, or nothing for no limit.');
  says('minutes', isAbove(form.minutes, 0, 1440), 'Up to 1440 minutes, a day.');
  says('rows', isWhole(form.rows, 1, 100_000_000), 'A whole number from 1.');
  says('resultMB', isAbove(form.resultMB, 0), 'A number above 0.');
  says('perPerson', isWhole(form.perPerson, 1, 100), 'From 1 to 100.');
  says('together', isWhole(form.together, 1, 1000), 'From 1 to 1000.');
  says('cacheMinutes', isAbove(form.cacheMinutes, -1e-9, 1440), 'Up to 1440 minutes; 0 keeps nothing.');
  return problems;
}

/** Where zod's own words belong. */
function problemsIn(issues: readonly { path: PropertyKey[]; message: string }[]): Problems {
  const fields: Record<string, Field> = { url: 'host', 'settings.session': 'session', 'settings.writes': 'writes' };
  return Object.fromEntries(
    issues.map(({ path, message }) => {
      const place = path.join('.');
      const known = Object.entries(fields).find(([start]) => place.startsWith(start))?.[1];
      return [known ?? (path.at(-1) as Field), message];
    }),
  );
}

/** null when one of the lines is no pair. */
function pairsIn(lines: string[], mark: string): Record<string, string> | null {
  const given = lines.map((line) => line.trim()).filter(Boolean);
  const pairs = given.map((line) => {
    const at = line.indexOf(mark);
    return at > 0 ? [line.slice(0, at).trim(), line.slice(at + 1).trim()] : null;
  });
  return pairs.every((pair) => pair !== null && pair[0] && pair[1]) ? Object.fromEntries(pairs as string[][]) : null;
}

function linesOf(pairs: Record<string, string>, mark: string): string[] {
  return Object.entries(pairs).map(([key, value]) => `${key}${mark}${value}`);
}

/** `100,000` is a number, too. */
function numberIn(text: string): number {
  return Number(text.replaceAll(/[,\s]/g, ''));
}

function isWhole(text: string, from: number, to: number): boolean {
  const value = numberIn(text);
  return text.trim() !== '' && Number.isInteger(value) && value >= from && value <= to;
}

function isAbove(text: string, low: number, to = Number.MAX_SAFE_INTEGER): boolean {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) && value > low && value <= to;
}

/** What an input says, as one text: the same text, the same fields. A secret that is kept counts as it is. */
export function markOf(input: ConnectionInput): string {
  return JSON.stringify(input);
}
