import { randomBytes } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './install.mjs';

/*
 * Java can keep the classes it loaded, parsed and checked, for the next start (100 MB in the cache). Trino loads 20,000;
 * with them kept it takes about two thirds of the CPU time to come up.
 */

/**
 * How the next JVM is to be started: with the archive where there is one, else making one as it ends. Tell `keep` how it
 * ended, so that only a whole archive is kept.
 * @param {{ release: string }} java an archive fits the very release that made it
 */
export function classArchive({ release }) {
  const archive = join(cache, `trino-classes-java-${release}.jsa`);
  if (existsSync(archive)) return { option: `-XX:SharedArchiveFile=${archive}`, keep: () => {} };
  const fresh = `${archive}.${randomBytes(4).toString('hex')}.${process.pid}`;
  return {
    option: `-XX:ArchiveClassesAtExit=${fresh}`,
    keep: (end) => {
      if (end !== killed && existsSync(fresh)) renameSync(fresh, archive);
    },
  };
}

const killed = 'was ended by SIGKILL';
