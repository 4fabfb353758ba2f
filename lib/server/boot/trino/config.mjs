import { join } from 'node:path';

/*
 * What stands in the `etc` folder of one Trino node: pure, from what the cluster is to be, to files by name.
 */

/**
 * @typedef {object} ClusterSettings
 * @property {string} dir the data folder of the cluster; the lake lies in its `lake`
 * @property {number} http the coordinator's HTTP port
 * @property {string} secret what nodes know each other by
 * @property {string} heap the most memory of each node's heap, as Java takes it
 * @property {boolean} quick compiles less: up in half the CPU time, slower with much data
 * @property {Record<string, string>} properties more for the coordinator's config.properties
 * @property {{ https: number, folder: string, keystorePassword: string } | undefined} auth TLS and passwords (auth.mjs)
 * @property {{ secret: string, properties: Record<string, string> } | undefined} spooling (spool.mjs)
 */

/** @typedef {{ name: string, dir: string, port: number, isCoordinator: boolean }} NodeSettings */

/**
 * @param {ClusterSettings} cluster
 * @param {NodeSettings} node
 * @returns {Record<string, string>} texts by path within `etc`
 */
export function configure(cluster, node) {
  return {
    'node.properties': properties({
      'node.id': node.name,
      'node.environment': 'lodestar',
      'node.data-dir': node.dir,
      'node.bind-ip': '127.0.0.1',
      'node.internal-address': '127.0.0.1',
    }),
    'jvm.config': jvm(cluster),
    'config.properties': properties({
      coordinator: String(node.isCoordinator),
      'http-server.http.port': String(node.port),
      'http-server.log.enabled': 'false',
      'discovery.uri': `http://127.0.0.1:${cluster.http}`,
      'internal-communication.shared-secret': cluster.secret,
      'catalog.management': 'dynamic',
      ...(node.isCoordinator ? coordinator(cluster) : {}),
      ...spooling(cluster),
      ...(node.isCoordinator ? cluster.properties : {}),
    }),
    ...(node.isCoordinator ? { ...catalogs(cluster.dir), ...rules(cluster) } : {}),
    ...(cluster.spooling ? { 'spooling-manager.properties': properties(cluster.spooling.properties) } : {}),
  };
}

function coordinator({ auth }) {
  return {
    'node-scheduler.include-coordinator': 'true',
    ...(auth && {
      'http-server.https.enabled': 'true',
      'http-server.https.port': String(auth.https),
      'http-server.https.keystore.path': join(auth.folder, 'keystore.p12'),
      'http-server.https.keystore.key': auth.keystorePassword,
      'http-server.authentication.type': 'PASSWORD',
    }),
  };
}

function spooling({ spooling }) {
  return spooling
    ? { 'protocol.spooling.enabled': 'true', 'protocol.spooling.shared-secret-key': spooling.secret }
    : {};
}

/** Workers are told of catalogs by the coordinator. */
function catalogs(dir) {
  return {
    'catalog/tpch.properties': properties({ 'connector.name': 'tpch' }),
    'catalog/memory.properties': properties({ 'connector.name': 'memory' }),
    'catalog/iceberg.properties': properties({
      'connector.name': 'iceberg',
      'iceberg.catalog.type': 'TESTING_FILE_METASTORE',
      'hive.metastore.catalog.dir': 'local:///lake',
      'fs.native-local.enabled': 'true',
      'local.location': dir,
    }),
  };
}

function rules({ auth }) {
  if (!auth) return {};
  return {
    'password-authenticator.properties': properties({
      'password-authenticator.name': 'file',
      'file.password-file': join(auth.folder, 'passwords'),
    }),
    'access-control.properties': properties({
      'access-control.name': 'file',
      'security.config-file': join(auth.folder, 'rules.json'),
    }),
  };
}

/** Small and quick to start: a cluster to try things on, not one to measure. */
function jvm({ heap, quick }) {
  return lines([
    '-server',
    `-Xmx${heap}`,
    ...(quick ? ['-XX:TieredStopAtLevel=1'] : []),
    '-XX:ReservedCodeCacheSize=256M',
    '-XX:+ExitOnOutOfMemoryError',
    '-XX:-OmitStackTraceInFastThrow',
    '-XX:+EnableDynamicAgentLoading',
    '-Djdk.attach.allowAttachSelf=true',
    '-Djdk.nio.maxCachedBufferSize=2000000',
    '-Dfile.encoding=UTF-8',
    '-Duser.timezone=UTC',
  ]);
}

function properties(entries) {
  return lines(Object.entries(entries).map(([name, value]) => `${name}=${value}`));
}

function lines(texts) {
  return texts.map((text) => `${text}\n`).join('');
}
