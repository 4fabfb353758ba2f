import { makeRealTimeJob, openSales, startSales, type Sales } from '#lib/testing/realtime.ts';
import { answered, ofOnePerson, published, pushAll, shop, shopEvents, type ShopEvent } from './realtime.ts';
import { run } from './frame.ts';

/*
 * S1: real-time throughput. A tumbling job with windows of a minute reads a shop's events from the beginning of their log until
 * all are answered for; the bare thing parses the same events as JSON, one after the other, and does nothing with them. Events a
 * second of each. Then the same job over events of which nine in ten are of one person, against events that are spread evenly.
 */
const count = Number(process.env.S1_EVENTS ?? 1_000_000);
/** Of event time: a window holds sixty times as many. */
const perSecond = 2500;
const delay = 30;
const perPerson = `SELECT user_id, count(*) AS events, sum(amount) AS revenue FROM shop_events
  WHERE happened_at >= {{window_start}} AND happened_at < {{window_end}} GROUP BY user_id`;

const events = shopEvents(count, perSecond);
const lines = events.map((event) => JSON.stringify(event));
const sales = await startSales({ stream: shop });
const jobs = { made: 0 };
const even = await logOf(ofOnePerson(events, 0));
const uneven = await logOf(ofOnePerson(events, 0.9));

await run({
  name: 'S1',
  goal: { atLeast: 0.6 },
  note: `events/s; ${count} events of ${Math.round(lines.join('').length / count)} bytes, 60 s windows at ${perSecond} events/s of event time, from the beginning`,
  baseline: async () => count / secondsOf(() => lines.forEach((line) => void JSON.parse(line))),
  candidate: () => rateOf(even),
});
await run({
  name: 'S1-skew',
  goal: { atLeast: 0.8 },
  note: 'events/s with 90 % of the events on one key, against events spread evenly',
  baseline: () => rateOf(even),
  candidate: () => rateOf(uneven),
});
await sales.close();
process.exit(0);

interface Log {
  sales: Sales;
  /** Windows that are over, and their events. */
  over: { windows: number; events: number };
}

async function logOf(given: readonly ShopEvent[]): Promise<Log> {
  const mine = { ...sales, ...(await openSales(shop)) };
  await pushAll(mine, given);
  await sales.lodestar.streams.sweep();
  return { sales: mine, over: await overIn(mine) };
}

/** What a job over all of it comes to, however long it takes. */
async function overIn(mine: Sales): Promise<Log['over']> {
  const { db, streams } = sales.lodestar;
  const jobId = await newJob(mine);
  await answered(mine, jobId, (await streams.live(mine.streamId)).end);
  const runs = await db.run.findMany({ where: { jobId, cause: 'stream' } });
  await db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
  return { windows: runs.length, events: runs.reduce((sum, { eventsIn }) => sum + Number(eventsIn), 0) };
}

function newJob(mine: Sales): Promise<string> {
  return makeRealTimeJob(mine, { target: `each_minute_${(jobs.made += 1)}`, sql: perPerson, delay });
}

async function rateOf({ sales: mine, over }: Log): Promise<number> {
  const started = performance.now();
  const jobId = await newJob(mine);
  await published(mine, jobId, over.windows);
  const seconds = (performance.now() - started) / 1000;
  await sales.lodestar.db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
  return over.events / seconds;
}

function secondsOf(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}
