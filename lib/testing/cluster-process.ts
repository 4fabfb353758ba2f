import { Config } from '#lib/server/config.ts';
import { runQuery, Query } from '#lib/server/data/query.ts';
import { start } from '#lib/server/start.ts';
import { addConnection, endless } from './connected.ts';
import { makeActor, makeMember, makeProject } from './people.ts';

/*
 * A server without pages that runs queries on a cluster until someone ends it. The first time it makes a project with two
 * people and a connection, and runs an endless query for each; it says so when the cluster runs them. Later starts run nothing.
 */
const given = { DATA_DIR: process.env.DATA_DIR, LOG_LEVEL: 'warn', ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' };
const { lodestar, stop } = await start(Config.parse(given));
process.once('SIGTERM', () => void stop(Promise.resolve()).then(() => process.exit(0)));

if ((await lodestar.db.connection.count()) === 0) await runEndless();
process.stdout.write('ready\n');

async function runEndless(): Promise<void> {
  const user = process.env.TEST_USER!;
  const [owner, other] = [await makeActor({ email: `${user}@a.example` }), await makeActor()];
  const { id: projectId } = await makeProject(owner);
  await makeMember(projectId, other, 'reader');
  const identity = { kind: 'none', becomes: 'local-part', exceptions: { [other.email]: user } };
  const { id } = await addConnection(lodestar, projectId, owner, { identity });
  for (const actor of [owner, other]) {
    const query = Query.parse({ sql: endless, engine: 'trino', connection: id });
    const events = await runQuery(actor, projectId, query, new AbortController().signal);
    await untilRunning(events[Symbol.asyncIterator]());
  }
}

/** Reads on in the background: a run that nobody reads stands still. */
async function untilRunning(events: AsyncIterator<unknown>): Promise<void> {
  for (;;) {
    const { value } = (await events.next()) as { value: { type: string; cluster?: { state: string } } };
    if (value.type !== 'progress') throw new Error(JSON.stringify(value));
    if (value.cluster?.state === 'RUNNING') break;
  }
  void (async () => {
    for (let next = await events.next(); !next.done; next = await events.next());
  })();
}
