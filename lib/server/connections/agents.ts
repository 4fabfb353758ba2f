import type { Dispatcher } from 'undici';
import type { Connection } from '#prisma/client/client.ts';
import { ConnectionSettings } from '#lib/connection/settings.ts';
import type { Config } from '#lib/server/config.ts';
import { makeOutbound } from '#lib/server/outbound/agent.ts';

/** ms for requests under way when this server stops: by then every query has been stopped or has its row. */
const patience = 2_000;

/** How this server calls clusters: one agent a connection, made anew when the connection was changed. */
export class Agents {
  private config: Pick<Config, 'ALLOW_PRIVATE_ADDRESSES'>;
  private kept = new Map<string, { version: number; agent: Dispatcher }>();
  /** Of earlier versions: queries that began with them end with them. */
  private older: Dispatcher[] = [];

  constructor(config: Pick<Config, 'ALLOW_PRIVATE_ADDRESSES'>) {
    this.config = config;
  }

  for({ id, version, settings }: Connection): Dispatcher {
    const kept = this.kept.get(id);
    if (kept?.version === version) return kept.agent;
    if (kept) this.older.push(kept.agent);
    const agent = this.make(ConnectionSettings.parse(settings).authority);
    this.kept.set(id, { version, agent });
    return agent;
  }

  /** One for a connection that is not kept. Its sockets close by themselves when nothing of the trial runs any more. */
  make(authority: string): Dispatcher {
    return makeOutbound({
      exceptions: this.config.ALLOW_PRIVATE_ADDRESSES,
      authority: authority.trim(),
      connections: 64,
    });
  }

  async close(): Promise<void> {
    const agents = [...this.kept.values()].map(({ agent }) => agent);
    this.kept.clear();
    const closed = Promise.all([...agents, ...this.older.splice(0)].map((agent) => agent.close()));
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, patience).unref())]);
  }
}
