import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configure } from './config.mjs';
import { spawnBound } from './lifeline.mjs';

/*
 * One node of a cluster: its `etc` written, its JVM started, asked to end, killed, started again.
 */

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

/** Starts the node's JVM; it answers some seconds later. Trino's launcher becomes the JVM, so its pid is the JVM's. */
export function launchNode(node, { home, java, append }) {
  const log = join(node.dir, 'server.log');
  // A launcher that was killed leaves its pid behind, and the next one refuses when another process has got it since.
  rmSync(join(node.dir, 'var/run/launcher.pid'), { force: true });
  const args = ['run', '--etc-dir', join(node.dir, 'etc'), '--data-dir', node.dir, '--jvm-dir', java];
  const env = { ...process.env, JAVA_HOME: java, PATH: `${join(java, 'bin')}:${process.env.PATH ?? ''}` };
  const bound = spawnBound(join(home, 'bin/launcher'), args, { log, env, append });
  return { ...bound, name: node.name, lastWords: () => lastLines(log) };
}

/** Where it went wrong stands at the end. */
function lastLines(log) {
  return readFileSync(log, 'utf8').trim().split('\n').slice(-25).join('\n');
}
