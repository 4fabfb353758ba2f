#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { Client, PushFailed, batches } from '#lib/server/boot/push.mjs';

/*
 * `lodestar push STREAM < events.ndjson`: events from a shell. Progress goes to stderr; the exit code is 0 when every line
 * was answered for, 1 when it could not go on, 2 when it was asked for what is not.
 */

const help = `lodestar push STREAM < events.ndjson

Pushes lines of JSON to a stream, in batches that are sent until they are stored. Run again on the same input it goes on where
it was and stores nothing twice.

  STREAM          the stream's name, project/name, or id
  --label TEXT    pushes the same content again as new events, under another label
  --batch BYTES   size of a batch, 1 MiB unless told
  --every MS      sends what a pausing input left after so long, 1000 unless told
  --patience S    gives up after so long without an answer, 600 unless told
  --quiet         says only what goes wrong

LODESTAR_URL      the address of the Lodestar, like https://lodestar.example
LODESTAR_TOKEN    a personal access token of someone who may edit the project
`;

class Misused extends Error {}

async function main(args) {
  const { command, stream, options } = read(args);
  if (command === 'help') return void process.stdout.write(help);
  const { LODESTAR_URL: url, LODESTAR_TOKEN: token } = process.env;
  if (!url || !token) throw new Misused('LODESTAR_URL and LODESTAR_TOKEN must be set: where to push to, and as whom.');
  const report = new Report(options.quiet);
  const client = new Client({ url, token, patience: options.patience * 1000, waiting: (why) => report.wait(why) });
  const id = await client.find(stream);
  for await (const batch of batches(process.stdin, options)) report.add(batch, await client.push(id, batch));
  report.end();
}

function read(args) {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: known });
    if (values.help || positionals.length === 0) return { command: 'help' };
    const [command, stream, more] = positionals;
    if (command !== 'push' || !stream || more) throw new Misused(`Say: lodestar push STREAM < events.ndjson`);
    return { command, stream, options: numbered(values) };
  } catch (error) {
    throw error instanceof Misused ? error : new Misused(error.message);
  }
}

const known = {
  label: { type: 'string', default: '' },
  batch: { type: 'string', default: String(2 ** 20) },
  every: { type: 'string', default: '1000' },
  patience: { type: 'string', default: '600' },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

function numbered({ label, quiet, batch, every, patience }) {
  const bytes = number('batch', batch, 1, 8 * 2 ** 20);
  return {
    label,
    quiet,
    bytes,
    every: number('every', every, 1, 3_600_000),
    patience: number('patience', patience, 0, 86_400),
  };
}

function number(name, text, least, most) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Misused(`--${name} takes a whole number from ${least} to ${most}, not ${text}.`);
}

/** What was answered so far, a line a second on a terminal and every ten seconds elsewhere. */
class Report {
  constructor(isQuiet) {
    this.isQuiet = isQuiet;
    this.start = Date.now();
    this.said = Date.now();
    this.totals = { accepted: 0, duplicates: 0, deadLetters: 0 };
    this.why = '';
  }

  add({ lines }, answer) {
    for (const name of Object.keys(this.totals)) this.totals[name] += answer[name];
    this.lines = (this.lines ?? 0) + lines;
    this.why = '';
    if (this.isQuiet || Date.now() - this.said < (process.stderr.isTTY ? 1000 : 10_000)) return;
    this.said = Date.now();
    this.say(`${this.words()} so far`);
  }

  /** Once for each reason to wait. */
  wait(why) {
    if (this.why !== why) this.say(`${why} Trying again …`);
    this.why = why;
  }

  end() {
    if (!this.isQuiet) this.say(`${this.words()} in ${((Date.now() - this.start) / 1000).toFixed(1)} s`);
  }

  words() {
    const { accepted, duplicates, deadLetters } = this.totals;
    const count = (value, one, many) => `${value.toLocaleString('en')} ${value === 1 ? one : many}`;
    return [
      `${count(this.lines ?? 0, 'line', 'lines')}: ${count(accepted, 'event', 'events')} stored`,
      ...(duplicates ? [count(duplicates, 'duplicate', 'duplicates')] : []),
      ...(deadLetters ? [`${count(deadLetters, 'dead letter', 'dead letters')} (the stream tells why)`] : []),
    ].join(', ');
  }

  say(line) {
    process.stderr.write(`${line}\n`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Misused) && !(error instanceof PushFailed)) throw error;
  process.stderr.write(`lodestar: ${error.message}\n`);
  process.exitCode = error instanceof Misused ? 2 : 1;
}
