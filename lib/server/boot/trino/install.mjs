import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { homedir } from 'node:os';
import { step } from '#lib/server/boot/terminal.mjs';
import { Failure, quietly } from '#lib/server/boot/tool.mjs';
import { draftOf, removeAbandoned } from './abandoned.mjs';

/*
 * Trino's files: fetched once with Maven into its own repository, unpacked once into the cache, both outside the source
 * tree. What is there is whole: it is unpacked beside its place and moved there when it is complete.
 */

const version = '476';
const server = { name: 'trino-server-core', type: 'tar.gz', size: '194 MB' };
const plugins = [
  { name: 'trino-tpch', type: 'zip', size: '14 MB' },
  { name: 'trino-memory', type: 'zip', size: '14 MB' },
  { name: 'trino-iceberg', type: 'zip', size: '346 MB' },
];

/** What `npm run trino` keeps between its runs. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lodestar');
const home = join(cache, `trino-${version}`);

/** Why Trino can be neither found nor fetched here, or null when it can. */
export function whyNoFiles() {
  if (existsSync(home) || [server, ...plugins].every(isFetched) || hasMaven()) return null;
  return 'Trino is fetched with Maven, which is not installed: install it (Debian: apt-get install maven)';
}

/** The folder of an unpacked Trino. `java` is the home of a Java that can unpack. */
export async function install(java) {
  mkdirSync(cache, { recursive: true });
  removeAbandoned(cache);
  if (existsSync(home)) return home;
  for (const artifact of [server, ...plugins]) if (!isFetched(artifact)) await fetchArtifact(artifact);
  await step(`Unpacking Trino ${version} into ${home}`, () => unpack(java));
  return home;
}

async function fetchArtifact(artifact) {
  const { name, type, size } = artifact;
  await step(`Fetching ${name} ${version} (${size})`, () =>
    quietly('mvn', [
      '-q',
      '-B',
      'dependency:get',
      `-Dartifact=io.trino:${name}:${version}:${type}`,
      '-Dtransitive=false',
      `-Dmaven.repo.local=${repository}`,
    ]),
  );
  if (!isFetched(artifact)) throw new Failure(`Maven said it fetched ${name}, but ${fileOf(artifact)} is not there.`);
}

async function unpack(java) {
  const fresh = draftOf(home);
  mkdirSync(fresh);
  await quietly('tar', ['-xzf', fileOf(server), '-C', fresh]);
  const unpacked = join(fresh, `${server.name}-${version}`);
  for (const plugin of plugins) await unpackPlugin(plugin, unpacked, java);
  settle(unpacked);
  rmSync(fresh, { recursive: true, force: true });
}

/** A JDK brings its own unzip; a bare runtime does not. */
async function unpackPlugin(plugin, trino, java) {
  const folder = join(trino, 'plugin');
  const jar = join(java, 'bin/jar');
  if (existsSync(jar)) await quietly(jar, ['--extract', '--dir', folder, '--file', fileOf(plugin)]);
  else await quietly('unzip', ['-q', '-d', folder, fileOf(plugin)]);
  renameSync(join(folder, `${plugin.name}-${version}`), join(folder, plugin.name.replace('trino-', '')));
}

/** Another run may have been faster: its files are the same. */
function settle(unpacked) {
  try {
    renameSync(unpacked, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
}

const repository = join(homedir(), '.m2/repository');

function isFetched(artifact) {
  return existsSync(fileOf(artifact));
}

function fileOf({ name, type }) {
  return join(repository, 'io/trino', name, version, `${name}-${version}.${type}`);
}

function hasMaven() {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'mvn')));
}
