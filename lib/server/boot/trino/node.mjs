import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Failure, quietly } from '#lib/server/boot/tool.mjs';
import { classArchive } from './archive.mjs';
import { configure } from './config.mjs';
import { spawnBound } from './lifeline.mjs';

/*
 * One node of a cluster: its `etc` written, its JVM started, asked to end, killed, started again.
 */

/** Two clusters must not write to the same folder: fails when a node runs on this one. `home` is an unpacked Trino's. */
export async function demandFree(node, home) {
  if (!existsSync(join(node.dir, 'etc'))) return;
  const status = await quietly(join(home, 'bin/launcher'), ['status', ...folders(node)]).catch((error) => {
    if (error.code === notRunning) return null;
    throw error;
  });
  if (status)
    throw new Failure(`A Trino runs on ${node.dir} already: end it, or choose another folder with --data DIR.`);
}

const notRunning = 3;

function folders(node) {
  return ['--etc-dir', join(node.dir, 'etc'), '--data-dir', node.dir];
}

/**
 * Writes what the node reads. The folder is the node's own; catalogs that were made in SQL stay.
 * @param {import('./config.mjs').ClusterSettings} cluster @param {import('./config.mjs').NodeSettings} node
 */
export function writeNode(cluster, node) {
  for (const [name, text] of Object.entries(configure(cluster, node))) {
    const file = join(node.dir, 'etc', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
  }
}

/**
 * Starts the node's JVM; it answers some seconds later. Trino's launcher becomes the JVM, so its pid is the JVM's.
 * `stop` and `kill` resolve when it is gone.
 */
export function launchNode(node, { home, java, append }) {
  const log = join(node.dir, 'server.log');
  const archive = classArchive(java);
  const args = ['run', ...folders(node), '--jvm-dir', java.home];
  const env = {
    ...process.env,
    JAVA_HOME: java.home,
    PATH: `${join(java.home, 'bin')}${delimiter}${process.env.PATH ?? ''}`,
  };
  const bound = spawnBound(join(home, 'bin/launcher'), [...args, '-J', archive.option], { log, env, append });
  const stop = async () => {
    await bound.stop();
    archive.keep(await bound.gone);
  };
  return { ...bound, stop, name: node.name, lastWords: () => lastLines(log) };
}

/** Where it went wrong stands at the end. */
function lastLines(log) {
  return readFileSync(log, 'utf8').trim().split('\n').slice(-25).join('\n');
}
