import { join, resolve } from 'node:path';
import { ConfigRefused, readConfig, type Config } from './config.ts';
import { foundFromEnvironment, offerSetup } from './data/setup.ts';
import { DataDirHeld } from './database/lock.ts';
import { MigrationRefused } from './database/migrate.ts';
import { DatabaseUnreachable } from './database/postgres.ts';
import type { Lodestar } from './lodestar.ts';
import { addresses, start } from './start.ts';
import { version } from './version.ts';
import { openPages } from './web/pages.ts';
import { listen } from './web/server.ts';

/*
 * The process. It makes everything that must exist once (start.ts) and puts it where Next's bundle, a second module
 * graph in this same process, finds it (lodestar.ts). It owns the socket: pages go to Next, the API to its own door,
 * websockets of /collaboration to the rooms. It starts in one order and stops in the reverse, so that on SIGTERM nothing
 * acknowledged is lost: no new connections, then rooms store what is queued, jobs are put back, the database closes.
 * It decides nothing about people or data. What an operator can mend ends the start with one line and exit code 1.
 */

const root = join(import.meta.dirname, '../..');
const dev = process.argv.includes('--dev');

async function main(): Promise<void> {
  const given = readConfig(process.env);
  const config = { ...given, DATA_DIR: resolve(given.DATA_DIR) };
  const { lodestar, stop } = await start(config);
  const token = await firstAccount(config);
  const pages = await openPages({ dir: root, dev, hostname: config.HOST, port: config.PORT });
  const web = await listen(lodestar, pages);
  Object.assign(lodestar, addresses(config, web.port));
  // next-auth reads it on each request; it must be the address people use.
  process.env.NEXTAUTH_URL = lodestar.publicUrl;
  onSignal(lodestar, async () => {
    await stop(web.close());
    await pages.close();
  });
  print([
    `Lodestar ${version} is ready at ${lodestar.publicUrl}`,
    ...(token ? [`Make the first account at ${lodestar.publicUrl}/setup with this one-time token: ${token}`] : []),
  ]);
}

/** Before anyone can call: the administrator of the environment, or a token to print; neither when there is an account. */
async function firstAccount({ ADMIN_EMAIL, ADMIN_PASSWORD }: Config): Promise<string | null> {
  if (ADMIN_EMAIL && ADMIN_PASSWORD) await foundFromEnvironment(ADMIN_EMAIL, ADMIN_PASSWORD);
  return offerSetup();
}

/** The first signal stops in order, a later one at once. A terminal's Ctrl-C reaches us twice, by npm and directly. */
function onSignal(lodestar: Lodestar, stop: () => Promise<void>): void {
  let since: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (since !== undefined) return void (Date.now() - since > 1_000 && process.exit(1));
      since = Date.now();
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          lodestar.log.fatal({ err: error }, 'the stop failed');
          process.exit(1);
        },
      );
    });
}

function print(lines: string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** One line for what an operator can mend; the whole error for what only we can. */
function refuse(error: unknown): never {
  process.stderr.write(`Lodestar did not start: ${toLine(error)}\n`);
  process.exit(1);
}

const mendable = [ConfigRefused, DataDirHeld, DatabaseUnreachable, MigrationRefused];

function toLine(error: unknown): string {
  if (mendable.some((kind) => error instanceof kind)) return (error as Error).message;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `PORT ${port} on ${address} is in use. Stop what uses it, or set another PORT.`;
  if (code === 'EACCES')
    return `${(error as Error).message}. Choose a PORT above 1023 and a DATA_DIR that can be written.`;
  if (/Could not find a production build/.test(String(error)))
    return 'The pages are not built. Start it with: npm start';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

await main().catch(refuse);
