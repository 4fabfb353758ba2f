import { expect, test } from 'vitest';
import { configure } from './config.mjs';

const cluster = { controllerPort: 5, nodes: 2, properties: {}, auth: undefined };
const node = { id: 1, dir: '/d', port: 7, saslPort: 0, tlsPort: 0 };
const guard = { user: 'u', password: 'p', keystore: '/k', keystorePassword: 'q', ca: '', caFile: '' };

test('a node listens on loopback only, and the first one keeps the others together', () => {
  const lines = configure(cluster, node).split('\n');
  expect(lines).toContain('listeners=PLAIN://127.0.0.1:7,CONTROLLER://127.0.0.1:5');
  expect(lines).toContain('advertised.listeners=PLAIN://127.0.0.1:7');
  expect(lines).toContain('process.roles=broker,controller');
  const other = configure(cluster, { ...node, id: 2, port: 8 }).split('\n');
  expect(other).toContain('process.roles=broker');
  expect(other).toContain('listeners=PLAIN://127.0.0.1:8');
  expect(other).toContain('controller.quorum.voters=1@127.0.0.1:5');
});

test('guarded, it asks who comes, in the open and over TLS; what is given more comes last', () => {
  const guarded = { ...cluster, auth: guard, properties: { 'log.retention.ms': '1' } };
  const text = configure(guarded, { ...node, saslPort: 8, tlsPort: 9 });
  expect(text).toContain('SASL://127.0.0.1:8,TLS://127.0.0.1:9');
  expect(text).toContain('listener.name.tls.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512');
  expect(text).toMatch(/log\.retention\.ms=1\n$/);
});
