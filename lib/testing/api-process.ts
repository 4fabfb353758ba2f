import { readConfig } from '#lib/server/config.ts';
import { foundFromEnvironment } from '#lib/server/data/setup.ts';
import { addresses, start } from '#lib/server/start.ts';
import { listen } from '#lib/server/web/server.ts';

/** The whole server but its pages, in a process that a test may kill; says where it listens. */
const config = readConfig(process.env);
const { lodestar } = await start(config);
await foundFromEnvironment(config.ADMIN_EMAIL!, config.ADMIN_PASSWORD!);
const pages = { handle: async (_: unknown, response: { end(): void }) => response.end() };
const web = await listen(lodestar, pages as Parameters<typeof listen>[1]);
Object.assign(lodestar, addresses(config, web.port));
process.stdout.write(`port ${web.port}\n`);
