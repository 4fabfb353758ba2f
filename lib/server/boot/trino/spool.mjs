import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '#lib/server/boot/terminal.mjs';
import { Failure, quietly } from '#lib/server/boot/tool.mjs';
import { cache } from './install.mjs';
import { spawnBound } from './lifeline.mjs';
import { freePort } from './port.mjs';

/*
 * The object store that Trino spools results to: moto, which answers as S3 does and keeps everything in memory, in a
 * Python environment of its own in the cache.
 */

const moto = 'moto[server,s3]==5.2.5';
const environment = join(cache, 'moto-5.2.5');

/**
 * Starts an empty store with its bucket. `stop` ends it; `secret` and `properties` are what Trino is told.
 * @param {string} folder where its log goes
 * @param {Record<string, string>} more for spooling-manager.properties
 */
export async function startSpool(folder, more) {
  await installMoto();
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(folder, 'moto.log');
  const bound = spawnBound(join(environment, 'bin/python'), ['-m', 'moto.server', '-H', '127.0.0.1', '-p', `${port}`], {
    log,
  });
  await step('Starting the object store', () => makeBucket(`${url}/spool`, bound, log));
  return {
    url,
    stop: bound.stop,
    secret: randomBytes(32).toString('base64'),
    properties: { ...properties(url), ...more },
  };
}

function properties(url) {
  return {
    'spooling-manager.name': 'filesystem',
    'fs.s3.enabled': 'true',
    'fs.location': 's3://spool/',
    's3.endpoint': url,
    's3.region': 'us-east-1',
    's3.path-style-access': 'true',
    // The store takes any.
    's3.aws-access-key': 'spool',
    's3.aws-secret-key': 'spool',
  };
}

async function installMoto() {
  if (existsSync(environment)) return;
  const fresh = `${environment}.${process.pid}`;
  try {
    await step('Installing moto, the object store', async () => {
      await quietly('python3', ['-m', 'venv', fresh]);
      await quietly(join(fresh, 'bin/python'), ['-m', 'pip', 'install', '--quiet', moto]);
    });
    renameSync(fresh, environment);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function makeBucket(url, bound, log) {
  let end;
  void bound.gone.then((words) => (end = words));
  const last = Date.now() + 60_000;
  while (Date.now() < last) {
    if (end) throw new Failure(`The object store ${end}; see ${log}.`);
    const made = await fetch(url, { method: 'PUT' }).then(
      (response) => response.ok,
      () => false,
    );
    if (made) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Failure(`The object store did not answer within a minute; see ${log}.`);
}
