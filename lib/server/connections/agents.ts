import type { Dispatcher } from 'undici';
import type { Connection } from '#prisma/client/client.ts';
import { ConnectionSettings } from '#lib/connection/settings.ts';
import type { Config } from '#lib/server/config.ts';
import { makeOutbound } from '#lib/server/outbound/agent.ts';

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

  /** One for a connection that is not kept; whoever asks closes it. */
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
    await Promise.all([...agents, ...this.older.splice(0)].map((agent) => agent.destroy()));
  }
}
