import { z } from 'zod';
import { getLodestar } from '#lib/server/lodestar.ts';
import { version } from '#lib/server/version.ts';
import { operation } from './operation.ts';

const Service = z.enum(['ok', 'down']);

const Health = z.object({
  status: Service,
  version: z.string(),
  services: z.object({ web: Service, collab: Service, worker: Service, database: Service }),
});

export const health = [
  operation({
    method: 'GET',
    path: '/api/health',
    summary: 'Whether Lodestar and each of its services is up.',
    auth: 'none',
    answer: Health,
    run: async () => {
      const services = { web: 'ok' as const, collab: collab(), worker: worker(), database: await database() };
      const status = Object.values(services).every((service) => service === 'ok') ? 'ok' : 'down';
      return { status, version, services } as const;
    },
  }),
];

type Service = z.infer<typeof Service>;

function collab(): Service {
  return probe(() => Boolean(getLodestar().rooms.stats()));
}

function worker(): Service {
  return probe(() => getLodestar().scheduler.state() === 'ok');
}

async function database(): Promise<Service> {
  try {
    await getLodestar().db.$queryRaw`SELECT 1`;
    return 'ok';
  } catch (error) {
    getLodestar().log.warn({ err: error }, 'the database does not answer');
    return 'down';
  }
}

function probe(isUp: () => boolean): Service {
  try {
    return isUp() ? 'ok' : 'down';
  } catch (error) {
    getLodestar().log.warn({ err: error }, 'a service does not answer');
    return 'down';
  }
}
