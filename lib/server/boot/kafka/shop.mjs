import { setTimeout as pause } from 'node:timers/promises';
import { simulate, stepMs } from '#lib/server/boot/simulated-shop.mjs';

/*
 * The simulated shop (simulated-shop.mjs) as records of a topic, so that there is something to read.
 */

export const shopTopic = 'shop_events';
const partitions = 3;

/**
 * Writes about `rate` records a second until the signal is aborted; the topic is made where there is none. Each person's
 * events go to one partition, as their key is the person.
 * @param {string[]} bootstrapBrokers @param {number} rate @param {AbortSignal} signal
 */
export async function writeShop(bootstrapBrokers, rate, signal) {
  const { Admin, Producer, stringSerializers } = await import('@platformatic/kafka');
  const options = { clientId: 'shop', bootstrapBrokers, retries: 10, retryDelay: 500 };
  await makeTopic(new Admin(options));
  const producer = new Producer({ ...options, serializers: stringSerializers });
  try {
    for (const { at, events } of simulate({ seed: 20261121, start: Date.now(), rate, day: 600 })) {
      await pause(Math.max(0, at + stepMs - Date.now()), undefined, { signal });
      const messages = events.map((event) => ({
        topic: shopTopic,
        key: String(event.user_id),
        value: JSON.stringify(event),
      }));
      if (messages.length > 0) await producer.send({ acks: -1, idempotent: true, messages });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await producer.close();
  }
}

async function makeTopic(admin) {
  try {
    if (!(await admin.listTopics()).includes(shopTopic))
      await admin.createTopics({ topics: [shopTopic], partitions, replicas: 1 });
  } finally {
    await admin.close();
  }
}
