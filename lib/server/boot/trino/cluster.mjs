import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { step } from '#lib/server/boot/terminal.mjs';
import { Failure } from '#lib/server/boot/tool.mjs';
import { guard } from './auth.mjs';
import { info, query } from './client.mjs';
import { cache, install, whyNoFiles } from './install.mjs';
import { findJava } from './java.mjs';
import { demandFree, launchNode, writeNode } from './node.mjs';
import { claimPort, freePort } from './port.mjs';
import { startSpool } from './spool.mjs';

/*
 * A real Trino on loopback: a coordinator that also works, as many workers beside it as asked for, the catalogs tpch,
 * memory and iceberg (a lake on local disk), and, where asked for, passwords over TLS, or results through an object
 * store. All its state is in one folder, so that several run side by side; it ends with the process that started it.
 */

/** Why no Trino can run here, in one sentence without its period, or null when one can. @returns {string | null} */
export function whyNoTrino() {
  return findJava().why ?? whyNoFiles();
}

/**
 * @typedef {object} ClusterOptions
 * @property {string} [dir] the data folder; it is kept
 * @property {number} [port] what clients connect to, HTTPS with `auth`, else HTTP; 0 for a free one
 * @property {number} [workers] how many nodes beside the coordinator
 * @property {string} [heap] each node's, as Java takes it
 * @property {boolean} [quick] compiles less: up in half the CPU time, slower with much data
 * @property {boolean} [auth] TLS, passwords, and rules for impersonation (auth.mjs)
 * @property {boolean} [spooling] offers results through an object store (spool.mjs)
 * @property {Record<string, string>} [properties] more for the coordinator's config.properties
 * @property {Record<string, string>} [spoolProperties] more for spooling-manager.properties
 * @property {(name: string, work: () => Promise<void>) => Promise<void>} [tell] does what takes a while, and says so
 */

/**
 * @typedef {object} Cluster
 * @property {string} url
 * @property {string | undefined} ca with `auth`: the certificate to trust, as PEM
 * @property {string | undefined} caFile where it lies
 * @property {Record<string, string>} passwords with `auth`: by user
 * @property {number} pid of the coordinator's JVM
 * @property {Promise<string>} gone words on how the coordinator ended, once it has
 * @property {() => Promise<void>} kill SIGKILL to every node
 * @property {() => Promise<void>} start again after `kill`: same port, same data
 * @property {() => Promise<void>} stop ends everything in order
 */

const defaults = {
  dir: join(cache, 'trino-data'),
  port: 0,
  workers: 0,
  heap: '1200M',
  quick: false,
  auth: false,
  spooling: false,
  properties: {},
  spoolProperties: {},
  tell: step,
};

/** Starts a cluster; it answers queries when this resolves. @param {ClusterOptions} options @returns {Promise<Cluster>} */
export async function startCluster(options = {}) {
  const why = whyNoTrino();
  if (why) throw new Failure(`${why}.`);
  const java = findJava();
  const home = await install(java.home);
  const wanted = { ...defaults, ...options };
  await demandFree({ dir: join(resolve(wanted.dir), 'coordinator') }, home);
  const plan = await planCluster(wanted, java);
  for (const node of plan.nodes) writeNode(plan.settings, node);
  return runCluster(plan, { home, java, tell: wanted.tell });
}

async function planCluster(options, java) {
  const dir = resolve(options.dir);
  mkdirSync(join(dir, 'lake'), { recursive: true });
  const port = await claimPort(options.port);
  const auth = options.auth ? { https: port, ...(await guard(join(dir, 'auth'), java.home)) } : undefined;
  const http = auth ? await freePort() : port;
  const nodes = [{ name: 'coordinator', dir: join(dir, 'coordinator'), port: http, isCoordinator: true }];
  for (let number = 1; number <= options.workers; number += 1) nodes.push(await planWorker(dir, number));
  const spool = options.spooling ? await startSpool(join(dir, 'spool'), options.spoolProperties) : undefined;
  const { heap, quick, properties } = options;
  const settings = {
    dir,
    http,
    secret: randomBytes(32).toString('base64'),
    heap,
    quick,
    properties,
    auth,
    spooling: spool,
  };
  return { settings, nodes, spool, address: addressOf(port, auth) };
}

async function planWorker(dir, number) {
  const name = `worker-${number}`;
  return { name, dir: join(dir, name), port: await freePort(), isCoordinator: false };
}

function addressOf(port, auth) {
  if (!auth) return { url: `http://127.0.0.1:${port}` };
  const [user, password] = Object.entries(auth.passwords)[0];
  return { url: `https://127.0.0.1:${port}`, ca: auth.ca, user, password };
}

async function runCluster({ settings, nodes, spool, address }, means) {
  let running = await launchNodes(nodes, address, { ...means, append: false });
  const kill = () => killAll(running);
  return {
    url: address.url,
    ca: address.ca,
    caFile: settings.auth && join(settings.auth.folder, 'certificate.pem'),
    passwords: settings.auth?.passwords ?? {},
    get pid() {
      return running[0].pid;
    },
    get gone() {
      return running[0].gone;
    },
    kill,
    start: async () => {
      await kill();
      running = await launchNodes(nodes, address, { ...means, append: true });
    },
    stop: async () => {
      await Promise.all([...running.map((node) => node.stop()), spool?.stop()]);
    },
  };
}

async function launchNodes(nodes, address, means) {
  const running = nodes.map((node) => launchNode(node, means));
  try {
    await means.tell('Starting Trino', () => answering(running, address));
  } catch (error) {
    await killAll(running);
    throw error;
  }
  return running;
}

async function killAll(running) {
  await Promise.all(running.map((node) => node.kill()));
}

const patience = 180_000;

/** Waits until every node has joined and a query is answered. */
async function answering(running, address) {
  const ended = Promise.race(
    running.map(async (node) => {
      const words = await node.gone;
      throw new Failure(`Trino's ${node.name} ${words}. It said at the end:\n${node.lastWords()}`);
    }),
  );
  const last = Date.now() + patience;
  let found = 'no answer yet';
  while (Date.now() < last) {
    found = await Promise.race([ended, lookAt(address, running.length)]);
    if (found === null) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Failure(`Trino did not come up within ${patience / 1000} s: ${found}.\n${running[0].lastWords()}`);
}

/** What is still missing, or null. */
async function lookAt(address, count) {
  try {
    if ((await info(address)).starting) return 'it says it is still starting';
    const [[active]] = await query(address, `SELECT count(*) FROM system.runtime.nodes WHERE state = 'active'`);
    return Number(active) === count ? null : `${active} of ${count} nodes have joined`;
  } catch (error) {
    return error.message;
  }
}
