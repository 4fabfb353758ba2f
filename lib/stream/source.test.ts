import { describe, expect, test } from 'vitest';
import { KafkaSource, isSameRead } from './source.ts';

const given = (more: object) => KafkaSource.safeParse({ kind: 'kafka', brokers: ['a:1'], topic: 't', ...more });

describe('a Kafka source', () => {
  test('has brokers as host:port; 9092 is meant without a port', () => {
    const brokers = [' kafka.example.com ', 'b-1.example.com:9094', '10.0.0.1:1', '[fd00::1]:9092', 'a_b'];
    expect(given({ brokers }).data).toEqual({
      kind: 'kafka',
      brokers: ['kafka.example.com:9092', 'b-1.example.com:9094', '10.0.0.1:1', '[fd00::1]:9092', 'a_b:9092'],
      topic: 't',
      tls: null,
      sasl: null,
      start: 'earliest',
    });
    for (const broker of ['', 'http://a', 'a b:1', 'a:0', 'a:65536', 'a/b:1', 'user@a:1', '-a:1'])
      expect(given({ brokers: [broker] }).success, broker).toBe(false);
    expect(given({ brokers: [] }).success).toBe(false);
  });

  test('has a topic by a name that Kafka takes, and a mechanism that is known', () => {
    for (const topic of ['', 'a b', 'ä', 'x'.repeat(250)]) expect(given({ topic }).success, topic).toBe(false);
    expect(given({ sasl: { mechanism: 'GSSAPI', username: 'a' } }).success).toBe(false);
    expect(given({ sasl: { mechanism: 'SCRAM-SHA-256', username: 'a' } }).success).toBe(true);
  });

  test('holds no password', () => {
    expect(given({ sasl: { mechanism: 'PLAIN', username: 'a', password: 'b' } }).success).toBe(false);
    expect(given({ secret: 'b' }).success).toBe(false);
  });
});

test('a part was read alike when offset and log are the same', () => {
  const read = { offset: 3, log: 'a', lost: 0, resets: 0 };
  expect(isSameRead(read, { ...read, lost: 5 })).toBe(true);
  expect(isSameRead(read, { ...read, offset: 4 })).toBe(false);
  expect(isSameRead(read, { ...read, log: 'b' })).toBe(false);
  expect(isSameRead(null, null)).toBe(true);
  expect(isSameRead(read, null)).toBe(false);
});
