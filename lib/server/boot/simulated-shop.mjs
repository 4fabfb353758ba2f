/*
 * A shop's events, made up from a seed: people who look at pages and sometimes buy, more in the evening than at night, in
 * bursts when a mail went out; some events come late, and some come twice with the same id, as real ones do. The same seed,
 * start and rate give the same events at the same moments.
 */

export const shopStream = {
  eventTime: 'happened_at',
  key: ['event_id'],
  deduplication: 3600,
  columns: [
    { name: 'happened_at', type: 'TIMESTAMP' },
    { name: 'event_id', type: 'BIGINT' },
    { name: 'kind', type: 'VARCHAR' },
    { name: 'user_id', type: 'BIGINT' },
    { name: 'page', type: 'VARCHAR' },
    { name: 'channel', type: 'VARCHAR' },
    { name: 'country', type: 'VARCHAR' },
    { name: 'amount', type: 'DOUBLE' },
  ],
};

/** Milliseconds a step of the simulation covers. */
export const stepMs = 100;

/** How busy the shop is by the hour, midnight first; its mean is 1. */
const hours = scaled([4, 3, 2, 2, 2, 3, 6, 10, 14, 17, 19, 20, 22, 21, 20, 21, 24, 28, 33, 38, 40, 34, 20, 10]);

/**
 * One step after the other: the events that are sent in it, each with the time it happened.
 * @param {{ seed: number, start: number, rate: number, day: number }} options `start` in ms since 1970; `rate` in events a second,
 * on the mean of a day; `day`: seconds in which the shop goes from night to night.
 * @returns {Generator<{ at: number, events: object[], late: number, again: number }>}
 */
export function* simulate({ seed, start, rate, day }) {
  const shop = new Shop(seed, start);
  for (let at = start; ; at += stepMs) {
    const hour = (((at - start) / 1000 / day) * 24 + 9) % 24;
    yield shop.step(at, (rate * busyness(hour) * shop.burst(at)) / withBursts);
  }
}

/** What bursts add on the mean: three times more in 6 of 66 s. */
const withBursts = 1 + (3 * 6) / 66;

function busyness(hour) {
  const [from, to] = [hours[Math.floor(hour)], hours[(Math.floor(hour) + 1) % 24]];
  return from + (to - from) * (hour % 1);
}

class Shop {
  constructor(seed, start) {
    this.random = randomFrom(seed);
    this.nextId = start * 1000;
    this.owed = 0;
    this.burstUntil = 0;
    this.repeats = [];
  }

  /** About once a minute, six seconds with four times the events. */
  burst(at) {
    if (at >= this.burstUntil && this.random() < stepMs / 60_000) this.burstUntil = at + 6000;
    return at < this.burstUntil ? 4 : 1;
  }

  step(at, perSecond) {
    this.owed += (perSecond * stepMs) / 1000;
    const again = this.due(at);
    const fresh = [];
    let late = 0;
    for (; this.owed >= 1; this.owed--) {
      const delay = this.delay();
      if (delay > 5000) late++;
      const event = this.event(at + Math.floor(this.random() * stepMs) - delay);
      fresh.push(event);
      if (this.random() < 0.02) this.repeats.push({ at: at + this.random() * 30_000, event });
    }
    return { at, events: [...fresh, ...again], late, again: again.length };
  }

  due(at) {
    const due = this.repeats.filter((each) => each.at <= at);
    if (due.length > 0) this.repeats = this.repeats.filter((each) => each.at > at);
    return due.map(({ event }) => event);
  }

  /** Most events come within a second; 3 in 100 were held up for minutes, at most an hour. */
  delay() {
    if (this.random() > 0.03) return Math.floor(this.random() * 800);
    return Math.min(3_600_000, Math.floor(5000 - Math.log(1 - this.random()) * 120_000));
  }

  event(time) {
    const user = 1001 + Math.floor(640 * this.random() ** 2);
    const common = {
      happened_at: new Date(time).toISOString(),
      event_id: this.nextId++,
      user_id: user,
      channel: pick(this.random, channels),
      country: countries[user % countries.length],
    };
    if (this.random() > 0.06) return { ...common, kind: 'visit', page: pick(this.random, pages) };
    return {
      ...common,
      kind: 'purchase',
      page: 'checkout',
      amount: Math.round((8 + this.random() ** 2 * 180) * 100) / 100,
    };
  }
}

const countries = ['DE', 'FR', 'DE', 'NL', 'PL', 'DE', 'SE', 'FR'];
const channels = { search: 38, direct: 26, social: 20, mail: 16 };
const pages = { home: 30, list: 28, product: 27, cart: 10, checkout: 5 };

function pick(random, weights) {
  const entries = Object.entries(weights);
  let at = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) if ((at -= weight) < 0) return name;
  return entries[0][0];
}

function scaled(weights) {
  const mean = weights.reduce((sum, each) => sum + each, 0) / weights.length;
  return weights.map((each) => each / mean);
}

/** mulberry32: numbers in [0, 1), the same for the same seed. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
