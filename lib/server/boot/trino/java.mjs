import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/*
 * Which Java runs Trino. Machines often have several and put an old one on PATH (Maven is content with it), so all that
 * are installed are looked at and the newest is taken.
 */

/** What Trino 476 asks for. */
export const oldestJava = 24;

/**
 * The newest installed Java that can run Trino, or why there is none and what to do.
 * @param {string[]} homes where to look
 * @returns {{ home: string, version: number, release: string, why?: undefined } | { why: string }}
 */
export function findJava(homes = installed()) {
  const found = installedJavas(homes);
  if (found[0]?.version >= oldestJava) return found[0];
  const seen = found[0] ? `the newest Java here is ${found[0].version}` : 'no Java is installed here';
  return { why: `Trino needs Java ${oldestJava} or newer and ${seen}: install one, or point JAVA_HOME to it` };
}

/** The newest first. @param {string[]} homes where to look */
export function installedJavas(homes = installed()) {
  return homes.flatMap(javaAt).sort((one, other) => other.version - one.version);
}

/** Every Java keeps a `release` file in its home that says its version. */
function javaAt(home) {
  const release = join(home, 'release');
  if (!existsSync(join(home, 'bin/java')) || !existsSync(release)) return [];
  // "17.0.15", "1.8.0_412" or "25"
  const version = /^JAVA_VERSION="((?:1\.)?(\d+)[^"]*)"/m.exec(readFileSync(release, 'utf8'));
  return version ? [{ home, version: Number(version[2]), release: version[1] }] : [];
}

function installed() {
  const homes = [process.env.JAVA_HOME, ...inside('/usr/lib/jvm'), ...inside('/opt/java'), ...onMac(), ...onPath()];
  return [...new Set(homes.filter((home) => home && existsSync(home)).map((home) => realpathSync(home)))];
}

function onMac() {
  return inside('/Library/Java/JavaVirtualMachines').map((machine) => join(machine, 'Contents/Home'));
}

function onPath() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'java'))
    .filter((java) => existsSync(java))
    .map((java) => dirname(dirname(realpathSync(java))));
}

function inside(folder) {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}
