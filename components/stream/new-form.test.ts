import { describe, expect, it } from 'vitest';
import { StreamSpec } from '#lib/stream/spec.ts';
import { emptyForm, placeOf, readForm, type NewForm } from './new-form.ts';

const pushed: NewForm = { ...emptyForm, name: 'visits', key: 'user, id' };
const topic: NewForm = {
  ...pushed,
  origin: 'kafka',
  brokers: 'kafka-1.example.com:9093\n\n kafka-2.example.com ',
  topic: 'shop_events',
};
const signed: NewForm = { ...topic, signIn: 'SCRAM-SHA-512', user: 'lodestar', password: ' as typed ' };

function specOf(form: NewForm) {
  const read = readForm(form);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  expect(StreamSpec.safeParse(read.spec).error).toBeUndefined();
  return read.spec;
}

function wrongIn(form: NewForm): string[] {
  const read = readForm(form);
  return read.ok ? [] : Object.keys(read.problems).sort();
}

describe('a new stream', () => {
  it('that is pushed to says nothing of a source, whatever was typed for one', () => {
    expect(specOf({ ...signed, brokers: '::', origin: 'push' })).toEqual({
      name: 'visits',
      eventTime: 'time',
      key: ['user', 'id'],
      retention: { days: 30, bytes: null },
      description: '',
    });
  });

  it('of a topic names its brokers, a line each, and no password where it does not sign in', () => {
    expect(specOf({ ...topic, password: 'left over' })).toEqual({
      ...specOf(pushed),
      source: {
        kind: 'kafka',
        brokers: ['kafka-1.example.com:9093', 'kafka-2.example.com'],
        topic: 'shop_events',
        tls: null,
        sasl: null,
        start: 'earliest',
      },
    });
  });

  it('of a topic that signs in has its password beside the source, as it was typed', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----';
    const spec = specOf({ ...signed, tls: 'on', ca: `${ca}\n`, start: 'latest' });
    expect(spec.secret).toBe(' as typed ');
    expect(spec.source).toMatchObject({
      tls: { ca },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'lodestar' },
      start: 'latest',
    });
    expect(specOf({ ...signed, tls: 'on', signIn: 'PLAIN' }).source).toMatchObject({ tls: { ca: '' } });
    expect(specOf({ ...signed, ca: 'left over' }).source).toMatchObject({ tls: null });
  });

  it('of the workbench’s own events has their contract and no other', () => {
    expect(specOf({ ...signed, origin: 'telemetry', eventTime: '', key: 'other' })).toEqual({
      name: 'visits',
      eventTime: 'noted_at',
      key: ['id'],
      retention: { days: 30, bytes: null },
      description: '',
      source: { kind: 'telemetry' },
    });
  });
});

describe('what is wrong', () => {
  it('says so at each field that the origin has', () => {
    expect(wrongIn({ ...emptyForm, eventTime: ' ', days: '-1' })).toEqual(['days', 'eventTime', 'name']);
    expect(wrongIn({ ...pushed, origin: 'kafka' })).toEqual(['brokers', 'topic']);
    expect(wrongIn({ ...topic, signIn: 'SCRAM-SHA-256' })).toEqual(['password', 'user']);
    expect(wrongIn({ ...topic, tls: 'on', ca: 'MII', topic: 'a b' })).toEqual(['ca', 'topic']);
    expect(wrongIn({ ...pushed, origin: 'telemetry', eventTime: '' })).toEqual([]);
  });

  it('of brokers is the line that is no address', () => {
    const read = readForm({ ...topic, brokers: 'kafka.example.com\nhttps://kafka.example.com' });
    expect(read).toEqual({
      ok: false,
      problems: { brokers: 'https://kafka.example.com is no host:port, such as kafka.example.com:9092.' },
    });
    const many = Array.from({ length: 33 }, (_, at) => `kafka-${at}.example.com`).join('\n');
    expect(readForm({ ...topic, brokers: many })).toMatchObject({
      problems: { brokers: 'Name 32 brokers at most: others are learned from them.' },
    });
  });

  it('sends no password in the open', () => {
    expect(wrongIn({ ...signed, signIn: 'PLAIN' })).toEqual(['signIn']);
    expect(wrongIn({ ...signed, signIn: 'PLAIN', tls: 'on' })).toEqual([]);
  });
});

describe('a refusal of the server', () => {
  const about = (field: string, code = 'source-refused') => ({
    status: 422,
    code,
    detail: 'No.',
    errors: [{ in: 'body', field, message: 'No.' }],
  });

  it('stands at the field it is about', () => {
    const places = (fields: string[]) => fields.map((field) => placeOf(about(field), signed, signed));
    expect(places(['source.brokers', 'source.topic', 'source.tls', 'source.sasl', 'secret'])).toEqual([
      'brokers',
      'topic',
      'tls',
      'signIn',
      'password',
    ]);
    expect(places(['source.brokers[1]', 'key[0]', 'retention.days', 'names', 'source'])).toEqual([
      'brokers',
      'key',
      'days',
      'whole',
      'whole',
    ]);
    expect(placeOf({ status: 409, code: 'name-taken', detail: 'There is.' }, signed, signed)).toBe('name');
    expect(placeOf({ status: 403, code: 'forbidden', detail: 'No.' }, signed, signed)).toBe('whole');
  });

  it('goes when what could mend it is changed, and not before', () => {
    const refused = about('source.sasl');
    expect(placeOf(refused, signed, { ...signed, name: 'other' })).toBe('signIn');
    expect(placeOf(refused, signed, { ...signed, password: 'other' })).toBe('gone');
    expect(placeOf(about('source.tls'), signed, { ...signed, tls: 'on' })).toBe('gone');
    expect(placeOf(about('source.topic'), signed, { ...signed, origin: 'push' })).toBe('gone');
  });
});
