import { parseArgs } from 'node:util';
import { say } from './terminal.mjs';
import { Failure, script } from './tool.mjs';
import { startCluster } from './trino/cluster.mjs';

/*
 * `npm run trino`: a real Trino on loopback to try Lodestar with, until Ctrl-C. docs/trino.md tells its options.
 */
await script(async (args) => {
  const cluster = await startCluster(read(args));
  say(`Trino answers at ${cluster.url} with the catalogs tpch, memory and iceberg. Paste that address into Lodestar.`);
  for (const [user, password] of Object.entries(cluster.passwords)) say(`  user ${user}, password ${password}`);
  if (cluster.caFile) say(`  its certificate: ${cluster.caFile}`);
  say('Ctrl-C ends it.');
  const end = await Promise.race([asked(), cluster.gone]);
  if (end) throw new Failure(`Trino ${end}.`);
  say('Stopping Trino …');
  await cluster.stop();
  say('Stopped.');
  return 0;
});

function read(args) {
  const { data, port, workers, memory, auth, spooling } = parse(args);
  return {
    ...(data && { dir: data }),
    port: port ? number('port', port, 65_535) : auth ? 8443 : 8080,
    workers: number('workers', workers, 8),
    ...(memory && { heap: memory }),
    auth,
    spooling,
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        workers: { type: 'string', default: '0' },
        memory: { type: 'string' },
        auth: { type: 'boolean', default: false },
        spooling: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Failure(`${error.message}\nOptions: --port N --data DIR --workers N --memory 2G --auth --spooling`);
  }
}

function number(name, text, most) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new Failure(`--${name} takes a whole number from 0 to ${most}, not ${text}.`);
}

/** Resolves when a person or the system asks us to end; a second asking changes nothing. */
function asked() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(null));
  });
}
