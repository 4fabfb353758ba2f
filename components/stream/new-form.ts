import type { StreamSpec } from '#lib/client/api/streams.ts';
import type { Refusal } from '#lib/client/call.ts';
import { KafkaSource, type SaslMechanism } from '#lib/stream/source.ts';
import type { z } from 'zod';
import { toDays } from './settings-form.ts';

/*
 * The fields of a new stream as they are typed, what is wrong with each, and at which of them a refusal of the server belongs.
 * Fields that the chosen origin does not have count for nothing.
 */
export interface NewForm {
  origin: Origin;
  name: string;
  eventTime: string;
  /** Names of columns, separated by commas. */
  key: string;
  days: string;
  description: string;
  /** `host:port`, a line each. */
  brokers: string;
  topic: string;
  tls: 'off' | 'on';
  /** PEM of the cluster's own certificate authority; '' for the usual ones. */
  ca: string;
  signIn: SignIn;
  user: string;
  password: string;
  start: KafkaSource['start'];
}

/** Where events come from. */
export type Origin = NonNullable<StreamSpec['source']>['kind'] | 'push';
export type SignIn = 'none' | z.infer<typeof SaslMechanism>;
export type Field = keyof NewForm;
export type Problems = Partial<Record<Field, string>>;
export type Read = { ok: true; spec: StreamSpec } | { ok: false; problems: Problems };

export const emptyForm: NewForm = {
  origin: 'push',
  name: '',
  eventTime: 'time',
  key: '',
  days: '30',
  description: '',
  brokers: '',
  topic: '',
  tls: 'off',
  ca: '',
  signIn: 'none',
  user: '',
  password: '',
  start: 'earliest',
};

export function readForm(form: NewForm): Read {
  const problems = {
    ...commonProblems(form),
    ...(form.origin !== 'telemetry' && contractProblems(form)),
    ...(form.origin === 'kafka' && kafkaProblems(form)),
  };
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, spec: specOf(form) };
}

function commonProblems({ name, days }: NewForm): Problems {
  return {
    ...(!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name.trim()) && {
      name: 'A letter or _, then letters, digits and _: so that SQL reads it as it is.',
    }),
    ...(toDays(days) === 'wrong' && { days: 'A number of days above 0, or nothing.' }),
  };
}

function contractProblems({ eventTime }: NewForm): Problems {
  return eventTime.trim() ? {} : { eventTime: 'Name the field: without a time there is no window and no order.' };
}

function kafkaProblems(form: NewForm): Problems {
  const problems: Problems = { ...signInProblems(form) };
  const brokers = KafkaSource.shape.brokers.safeParse(linesOf(form.brokers));
  if (linesOf(form.brokers).length === 0)
    problems.brokers = 'Name at least one broker, such as kafka.example.com:9092.';
  else if (!brokers.success) problems.brokers = brokerWords(form.brokers, brokers.error.issues[0]!);
  if (!KafkaSource.shape.topic.safeParse(form.topic.trim()).success)
    problems.topic = 'The topic’s name: up to 249 letters, digits, points, dashes and _.';
  if (form.tls === 'on' && form.ca.trim() && !isCertificate(form.ca))
    problems.ca = 'This is no certificate in PEM: it begins with -----BEGIN CERTIFICATE----- and has its end.';
  return problems;
}

function brokerWords(text: string, { path, message }: { path: PropertyKey[]; message: string }): string {
  const [at] = path;
  return typeof at === 'number'
    ? `${linesOf(text)[at]} ${message}.`
    : 'Name 32 brokers at most: others are learned from them.';
}

function isCertificate(text: string): boolean {
  return /-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----/.test(text);
}

function signInProblems({ signIn, tls, user, password }: NewForm): Problems {
  if (signIn === 'none') return {};
  return {
    ...(signIn === 'PLAIN' &&
      tls === 'off' && { signIn: 'PLAIN sends the password as it is: switch TLS on, or sign in by SCRAM.' }),
    ...(!user.trim() && { user: 'The user that signs in.' }),
    ...(!password && { password: 'Its password. It stays on the server.' }),
  };
}

function specOf(form: NewForm): StreamSpec {
  const days = toDays(form.days);
  const common = {
    name: form.name.trim(),
    retention: { days: days === 'wrong' ? null : days, bytes: null },
    description: form.description.trim(),
  };
  // Their contract is said by the server, and no other is taken.
  if (form.origin === 'telemetry')
    return { ...common, eventTime: 'noted_at', key: ['id'], source: { kind: 'telemetry' } };
  const key = form.key
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  const pushed = { ...common, eventTime: form.eventTime.trim(), key };
  return form.origin === 'kafka' ? { ...pushed, ...kafkaOf(form) } : pushed;
}

function kafkaOf(form: NewForm): Pick<StreamSpec, 'source' | 'secret'> {
  const { signIn, start } = form;
  const source: KafkaSource = {
    kind: 'kafka',
    brokers: linesOf(form.brokers),
    topic: form.topic.trim(),
    tls: form.tls === 'on' ? { ca: form.ca.trim() } : null,
    sasl: signIn === 'none' ? null : { mechanism: signIn, username: form.user.trim() },
    start,
  };
  return signIn === 'none' ? { source } : { source, secret: form.password };
}

/** Commas separate, too: so do clients' settings. */
function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Fields of the body by the field of the form where people typed it; those of a source begin with `source.`. */
const places: Record<string, Field> = {
  name: 'name',
  eventTime: 'eventTime',
  key: 'key',
  retention: 'days',
  description: 'description',
  'source.brokers': 'brokers',
  'source.topic': 'topic',
  'source.tls': 'tls',
  'source.sasl': 'signIn',
  secret: 'password',
};

/** What answers a refusal: a change of one of these says that it was seen. */
const mended: Partial<Record<Field, readonly Field[]>> = {
  brokers: ['brokers', 'tls', 'signIn'],
  topic: ['topic', 'brokers', 'user', 'eventTime', 'key'],
  tls: ['tls', 'ca', 'brokers'],
  signIn: ['signIn', 'user', 'password', 'tls', 'brokers'],
};

/** Where the server's refusal of `sent` belongs while the form is as it is: at a field, at none, or nowhere any more. */
export function placeOf(refusal: Refusal, sent: NewForm, form: NewForm): Field | 'whole' | 'gone' {
  const field = fieldOf(refusal);
  if (field === null) return 'whole';
  const isMended = (mended[field] ?? [field]).some((each) => form[each] !== sent[each]);
  return isMended || form.origin !== sent.origin ? 'gone' : field;
}

function fieldOf({ code, errors }: Refusal): Field | null {
  if (code === 'name-taken') return 'name';
  if (code === 'secret-needed') return 'password';
  const [first] = Array.isArray(errors) ? (errors as { field?: unknown }[]) : [];
  const named = String(first?.field ?? '');
  // `source.brokers[1]` is of `source.brokers`, `retention.days` of `retention`.
  const known = Object.keys(places).find((place) => named === place || /^[.[]/.test(after(named, place)));
  return known === undefined ? null : places[known]!;
}

function after(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : '';
}
