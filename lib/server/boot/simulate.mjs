import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, PushFailed } from './push.mjs';
import { shopStream, simulate, stepMs } from './simulated-shop.mjs';
import { say } from './terminal.mjs';
import { Failure, script } from './tool.mjs';

/*
 * `npm run simulate -- --stream PROJECT/NAME --rate N`: a shop's events pushed to a running Lodestar, until Ctrl-C or for so many
 * seconds. LODESTAR_URL and LODESTAR_TOKEN say where to and as whom; a stream that is not there is made.
 */
await script(async (args) => {
  const options = read(args);
  const { LODESTAR_URL: url, LODESTAR_TOKEN: token } = process.env;
  if (!url || !token) throw new Failure('LODESTAR_URL and LODESTAR_TOKEN must be set: where to push to, and as whom.');
  try {
    await run(new Client({ url, token, waiting: (why) => say(`${why} Trying again …`) }), options);
  } catch (error) {
    throw error instanceof PushFailed ? new Failure(error.message) : error;
  }
  return 0;
});

async function run(client, { stream, rate, seconds, seed, day }) {
  const id = await client.findOrMake(stream, shopStream);
  const start = Date.now();
  const isOver = ending(start, seconds);
  const totals = { sent: 0, late: 0, again: 0, accepted: 0, duplicates: 0, deadLetters: 0 };
  say(`Pushing about ${rate} events a second to ${stream}, seed ${seed}. Ctrl-C ends it.`);
  let said = start;
  const steps = simulate({ seed, start, rate, day });
  for (let step = steps.next().value; !isOver(step.at);) {
    await pause(Math.max(0, step.at + stepMs - Date.now()));
    const events = [];
    const key = `simulate-${seed}-${step.at}`;
    // What is due is sent together, so that a slow answer makes larger batches and not fewer events.
    for (; step.at + stepMs <= Date.now() && events.length < 20_000 && !isOver(step.at); step = steps.next().value) {
      events.push(...step.events);
      totals.sent += step.events.length;
      totals.late += step.late;
      totals.again += step.again;
    }
    if (events.length > 0) {
      const body = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      const answer = await client.push(id, { body, key });
      for (const name of ['accepted', 'duplicates', 'deadLetters']) totals[name] += answer[name];
    }
    if (Date.now() - said < 10_000) continue;
    said = Date.now();
    say(words(totals));
  }
  say(words(totals));
}

function words({ sent, late, again, accepted, duplicates, deadLetters }) {
  const count = (value) => value.toLocaleString('en');
  return `${count(sent)} sent (${count(late)} late, ${count(again)} for the second time): ${count(accepted)} stored, ${count(duplicates)} duplicates, ${count(deadLetters)} dead letters`;
}

/** Says whether a step is no longer wanted. */
function ending(start, seconds) {
  let isAsked = false;
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (isAsked = true));
  return (at) => isAsked || (seconds > 0 && at >= start + seconds * 1000);
}

function read(args) {
  const { stream, rate, seconds, seed, day } = parse(args);
  if (!stream) throw new Failure('Name the stream: npm run simulate -- --stream PROJECT/NAME --rate 100');
  return {
    stream,
    rate: number('rate', rate, 1, 100_000),
    seconds: number('seconds', seconds, 0, 864_000),
    seed: number('seed', seed, 0, 4_294_967_295),
    day: number('day', day, 1, 864_000),
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        stream: { type: 'string' },
        rate: { type: 'string', default: '100' },
        seconds: { type: 'string', default: '0' },
        seed: { type: 'string', default: '20261121' },
        day: { type: 'string', default: '600' },
      },
    }).values;
  } catch (error) {
    throw new Failure(`${error.message}\nOptions: --stream PROJECT/NAME --rate N --seconds N --seed N --day SECONDS`);
  }
}

function number(name, text, least, most) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Failure(`--${name} takes a whole number from ${least} to ${most}, not ${text}.`);
}
