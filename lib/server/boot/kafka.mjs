import { parseArgs } from 'node:util';
import { startBrokers } from './kafka/broker.mjs';
import { shopTopic, writeShop } from './kafka/shop.mjs';
import { say } from './terminal.mjs';
import { Failure, script } from './tool.mjs';

/*
 * `npm run kafka`: a real Kafka on loopback to try Lodestar with, until Ctrl-C. docs/kafka.md tells its options.
 */
await script(async (args) => {
  const { shop, ...options } = read(args);
  const kafka = await startBrokers(options);
  say(`Kafka answers at ${kafka.brokers.join()}.`);
  if (kafka.auth) {
    say(`  with SASL (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512) at ${kafka.sasl.join()}, over TLS at ${kafka.tls.join()}:`);
    say(`  user ${kafka.auth.user}, password ${kafka.auth.password}, certificate ${kafka.auth.caFile}`);
  }
  if (shop > 0) say(`A shop's events go to the topic ${shopTopic}, about ${shop} a second.`);
  say('Ctrl-C ends it.');
  const over = new AbortController();
  const writing = shop > 0 ? writeShop(kafka.brokers, shop, over.signal) : null;
  const end = await Promise.race([asked(), kafka.gone, ...(writing ? [writing] : [])]);
  over.abort();
  if (end) throw new Failure(`Kafka ${end}.`);
  say('Stopping Kafka …');
  await writing;
  await kafka.stop();
  say('Stopped.');
  return 0;
});

function read(args) {
  const { data, port, auth, shop } = parse(args);
  return {
    ...(data && { dir: data }),
    port: number('port', port, 65_535),
    auth,
    shop: number('shop', shop, 20_000),
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string', default: '9092' },
        data: { type: 'string' },
        auth: { type: 'boolean', default: false },
        shop: { type: 'string', default: '0' },
      },
    }).values;
  } catch (error) {
    throw new Failure(`${error.message}\nOptions: --port N --data DIR --auth --shop RATE`);
  }
}

function number(name, text, most) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new Failure(`--${name} takes a whole number from 0 to ${most}, not ${text}.`);
}

/** Resolves when a person or the system asks us to end; a second asking changes nothing. */
function asked() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(null));
  });
}
