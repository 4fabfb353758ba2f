import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Drafts in the cache: what is fetched, unpacked or made for one of these names has the number of the process that does it behind it,
 * until it is moved to its place. A number alone tells no draft: versions end with one too.
 */
const draft = /^(?:trino-\d+|kafka-[\d.]+-jars|moto-\d+\.\d+\.\d+|trino-classes-java-.+\.jsa\.[0-9a-f]{8})\.(\d+)$/;

/** Where this process makes what is to be `home`, the folder of a Trino. */
export function draftOf(home) {
  return `${home}.${process.pid}`;
}

/** Removes drafts of runs that were ended while they made them. */
export function removeAbandoned(cache) {
  for (const name of readdirSync(cache)) {
    const pid = draft.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
