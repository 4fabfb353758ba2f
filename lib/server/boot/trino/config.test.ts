import { describe, expect, it } from 'vitest';
import { configure } from './config.mjs';

const cluster = { dir: '/data', http: 20_001, secret: 's', heap: '1G', quick: false, properties: {} };
const coordinator = { name: 'coordinator', dir: '/data/coordinator', port: 20_001, isCoordinator: true };
const worker = { name: 'worker-1', dir: '/data/worker-1', port: 20_002, isCoordinator: false };
const plain = { ...cluster, auth: undefined, spooling: undefined };

describe('what a node is told', () => {
  it('listens on loopback only', () => {
    for (const node of [coordinator, worker])
      expect(configure(plain, node)['node.properties']).toContain('node.bind-ip=127.0.0.1\n');
  });

  it('a worker joins the coordinator and has no catalogs of its own', () => {
    const files = configure(plain, worker);
    expect(Object.keys(files).sort()).toEqual(['config.properties', 'jvm.config', 'node.properties']);
    expect(files['config.properties']).toContain('coordinator=false\n');
    expect(files['config.properties']).toContain('http-server.http.port=20002\n');
    expect(files['config.properties']).toContain('discovery.uri=http://127.0.0.1:20001\n');
  });

  it('the lake lies in the data folder', () => {
    expect(configure(plain, coordinator)['catalog/iceberg.properties']).toContain('local.location=/data\n');
  });

  it('passwords come with TLS and rules', () => {
    const auth = { https: 8443, folder: '/data/auth', keystorePassword: 'k' };
    const files = configure({ ...plain, auth }, coordinator);
    expect(files['config.properties']).toContain('http-server.https.port=8443\n');
    expect(files['config.properties']).toContain('http-server.authentication.type=PASSWORD\n');
    expect(files['access-control.properties']).toContain('security.config-file=/data/auth/rules.json\n');
  });

  it('every node spools when one does', () => {
    const spooling = { secret: 'x', properties: { 'spooling-manager.name': 'filesystem' } };
    for (const node of [coordinator, worker]) {
      const files = configure({ ...plain, spooling }, node);
      expect(files['config.properties']).toContain('protocol.spooling.enabled=true\n');
      expect(files['spooling-manager.properties']).toBe('spooling-manager.name=filesystem\n');
    }
  });
});
