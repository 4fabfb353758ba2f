import { join } from 'node:path';
import { ConfigRefused, readConfig, type Config } from './config.ts';
import { foundFromEnvironment, offerSetup } from './data/setup.ts';
import { DataDirHeld } from './database/lock.ts';
import { MigrationRefused } from './database/migrate.ts';
import type { Lodestar } from './lodestar.ts';
import { addresses, start } from './start.ts';
import { version } from './version.ts';
import { openPages } from './web/pages.ts';
import { listen } from './web/server.ts';

/*
 * The process. It makes everything that must exist once (start.ts) and puts it where Next's bundle, a second module
 * graph in this same process, finds it (lodestar.ts). It owns the socket: pages and the API go through Next, websockets
 * of /collaboration to the rooms. It starts in one order and stops in the reverse, so that on SIGTERM nothing
 * acknowledged is lost: no new connections, then rooms store what is queued, jobs are put back, the database closes.
 * It decides nothing about people or data. What an operator can mend ends the start with one line and exit code 1.
 */

const root = join(import.meta.dirname, '../..');
const dev = process.argv.includes('--dev');

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const { lodestar, stop } = await start(config);
  const pages = await openPages({ dir: root, dev, hostname: config.HOST, port: config.PORT });
  const web = await listen(lodestar, pages);
  Object.assign(lodestar, addresses(config, web.port));
  // next-auth reads it on each request; it must be the address people use.
  process.env.NEXTAUTH_URL = lodestar.publicUrl;
  onSignal(lodestar, async () => {
    await stop(web.close());
    await pages.close();
  });
  await greet(lodestar, config);
}

async function greet(lodestar: Lodestar, config: Config): Promise<void> {
  const { ADMIN_EMAIL, ADMIN_PASSWORD } = config;
  if (ADMIN_EMAIL && ADMIN_PASSWORD) await foundFromEnvironment(ADMIN_EMAIL, ADMIN_PASSWORD);
  const token = await offerSetup();
  print(`Lodestar ${version} is ready at ${lodestar.publicUrl}`);
  if (token) print(`Make the first account at ${lodestar.publicUrl}/setup with this one-time token: ${token}`);
}

/** The first signal stops in order; a second one at once. */
function onSignal(lodestar: Lodestar, stop: () => Promise<void>): void {
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          lodestar.log.fatal({ err: error }, 'the stop failed');
          process.exit(1);
        },
      );
    });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line for what an operator can mend; the whole error for what only we can. */
function refuse(error: unknown): never {
  process.stderr.write(`Lodestar did not start: ${toLine(error)}\n`);
  process.exit(1);
}

function toLine(error: unknown): string {
  if (error instanceof ConfigRefused || error instanceof DataDirHeld || error instanceof MigrationRefused)
    return error.message;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `PORT ${port} on ${address} is in use. Stop what uses it, or set another PORT.`;
  if (code === 'EACCES')
    return `${(error as Error).message}. Choose a PORT above 1023 and a DATA_DIR that can be written.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

await main().catch(refuse);
