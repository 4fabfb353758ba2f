import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './tool.mjs';

/*
 * Whether a step must run again: a stamp beside what it made holds the hash of what it was made from.
 */

/** SHA-256 over the names and contents of files and folders. `leaveOut` says which files do not count. */
export function hashOf(paths, leaveOut = () => false) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesIn(path)).filter((path) => !leaveOut(path)))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

export function isStamped(stamp, hash) {
  const file = join(root, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

export function writeStamp(stamp, hash) {
  const file = join(root, stamp);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

function filesIn(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesIn(`${path}/${name}`));
}
