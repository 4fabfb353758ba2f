import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { step } from '#lib/server/boot/terminal.mjs';
import { Failure, quietly } from '#lib/server/boot/tool.mjs';
import { cache } from '#lib/server/boot/trino/install.mjs';
import { spawnBound } from '#lib/server/boot/trino/lifeline.mjs';
import { claimPort, freePort } from '#lib/server/boot/trino/port.mjs';
import { guard } from './auth.mjs';
import { configure } from './config.mjs';
import { install } from './install.mjs';

/*
 * A real Kafka on loopback, without ZooKeeper: one node that is broker and controller, and as many brokers beside it as
 * asked for. All its state is in one folder, so that several run side by side; it ends with the process that started it.
 */

/**
 * @typedef {object} KafkaOptions
 * @property {string} [dir] the data folder; it is kept
 * @property {number} [port] what clients connect to; 0 for a free one
 * @property {number} [nodes] how many brokers
 * @property {boolean} [auth] two listeners more: SASL, and SASL over TLS
 * @property {Record<string, string>} [properties] more for server.properties
 * @property {(name: string, work: () => Promise<void>) => Promise<void>} [tell] does what takes a while, and says so
 */

/**
 * @typedef {object} Kafka
 * @property {string[]} brokers the plain listener of each node, `127.0.0.1:9092`
 * @property {string[]} sasl with `auth`: each node's listener for SASL without TLS
 * @property {string[]} tls with `auth`: each node's listener for SASL over TLS
 * @property {import('./auth.mjs').Guard | undefined} auth
 * @property {Promise<string>} gone words on how the first node ended, once it has
 * @property {(node?: number) => Promise<void>} kill SIGKILL to a node (from 0), to all without one
 * @property {(node?: number) => Promise<void>} start again after `kill`: same ports, same data
 * @property {() => Promise<void>} stop ends everything in order
 */

const defaults = { dir: join(cache, 'kafka-data'), port: 0, nodes: 1, auth: false, properties: {}, tell: step };

/** Starts a cluster; it answers when this resolves. @param {KafkaOptions} options @returns {Promise<Kafka>} */
export async function startBrokers(options = {}) {
  const wanted = { ...defaults, ...options };
  const means = await install();
  const dir = resolve(wanted.dir);
  mkdirSync(dir, { recursive: true });
  const auth = wanted.auth ? await guard(join(dir, 'auth'), means.java) : undefined;
  const { nodes: count, properties, tell } = wanted;
  const cluster = { controllerPort: await freePort(), nodes: count, properties, auth };
  const nodes = [];
  for (let id = 1; id <= count; id += 1) nodes.push(await planNode(id, dir, id === 1 ? wanted.port : 0, auth));
  for (const node of nodes) await format(cluster, node, clusterId(dir), means);
  return run(nodes, auth, means, tell);
}

async function planNode(id, folder, wanted, auth) {
  const port = await claimPort(wanted);
  const dir = join(folder, `node-${id}`);
  return { id, dir, port, saslPort: auth ? await freePort() : 0, tlsPort: auth ? await freePort() : 0 };
}

/** The same for all nodes of a folder. */
function clusterId(dir) {
  const file = join(dir, 'cluster-id');
  if (!existsSync(file)) writeFileSync(file, randomBytes(16).toString('base64url'));
  return readFileSync(file, 'utf8');
}

/** Writes what the node reads; its storage is made once. */
async function format(cluster, node, id, { java, classPath }) {
  mkdirSync(node.dir, { recursive: true });
  const file = join(node.dir, 'server.properties');
  writeFileSync(file, configure(cluster, node), { mode: 0o600 });
  if (existsSync(join(node.dir, 'data/meta.properties'))) return;
  const { user, password } = cluster.auth ?? {};
  const accounts = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((kind) => `${kind}=[name=${user},password=${password}]`);
  const scram = cluster.auth ? accounts.flatMap((account) => ['--add-scram', account]) : [];
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', file, ...scram];
  await quietly(java, [...quick, ...tool]);
}

const quick = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

async function run(nodes, auth, means, tell) {
  const running = nodes.map(() => null);
  const launchAll = async (chosen) => {
    for (const at of chosen) running[at] = launch(nodes[at], means);
    await tell('Starting Kafka', () => Promise.all(chosen.map((at) => answering(running[at], nodes[at].port))));
  };
  const chosen = (node) => (node === undefined ? nodes.map((_, at) => at) : [node]);
  const kill = async (node) => void (await Promise.all(chosen(node).map((at) => running[at].kill())));
  try {
    await launchAll(chosen());
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    brokers: nodes.map(({ port }) => `127.0.0.1:${port}`),
    sasl: auth ? nodes.map(({ saslPort }) => `127.0.0.1:${saslPort}`) : [],
    tls: auth ? nodes.map(({ tlsPort }) => `127.0.0.1:${tlsPort}`) : [],
    auth,
    get gone() {
      return running[0].gone;
    },
    kill,
    start: (node) => launchAll(chosen(node)),
    stop: async () => void (await Promise.all(running.toReversed().map((node) => node.stop()))),
  };
}

function launch({ dir }, { java, classPath }) {
  const log = join(dir, 'server.log');
  const logging = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true'];
  const args = ['-Xmx512m', ...quick, ...logging, '-cp', classPath, 'kafka.Kafka', join(dir, 'server.properties')];
  return { ...spawnBound(java, args, { log, append: existsSync(log) }), log };
}

const patience = 120_000;

/** Waits until the broker answers; it does when it has joined. */
async function answering({ gone, log }, port) {
  let end;
  void gone.then((words) => (end = words));
  for (const last = Date.now() + patience; Date.now() < last;) {
    if (end) throw new Failure(`Kafka ${end}. It said at the end:\n${lastLines(log)}`);
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Failure(`Kafka did not come up within ${patience / 1000} s.\n${lastLines(log)}`);
}

/** ApiVersions (18) v0 with correlation 1 and no client's name: what every broker answers to anybody. */
const question = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2000 });
    const end = (found) => {
      socket.destroy();
      resolve(found);
    };
    socket.on('connect', () => socket.write(question));
    socket.on('data', () => end(true));
    for (const event of ['error', 'timeout', 'close']) socket.on(event, () => end(false));
  });
}

/** Where it went wrong stands at the end. */
function lastLines(log) {
  return readFileSync(log, 'utf8').trim().split('\n').slice(-25).join('\n');
}
