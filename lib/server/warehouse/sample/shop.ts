import { between, pick, randomFrom, type Random } from './random.ts';

/*
 * A shop's four weeks, made up from a fixed seed: its people, what they paid and what they looked at. The same seed and
 * last day give the same rows. Like real logs, both logs hold lines twice: about 2 in 100 are there again, with the
 * same id, so a total that does not remove them is wrong.
 */

export const shopDays = 28;
const seed = 20_261_121;
const people = 640;

type Value = string | number;

export interface ShopTable {
  name: 'user' | 'purchase' | 'access';
  description: string;
  columns: [name: string, type: string][];
  rows: Value[][];
}

const countries = [
  ['DE', 34],
  ['FR', 22],
  ['NL', 16],
  ['PL', 15],
  ['SE', 13],
] as const;
const channels = [
  ['search', 38],
  ['direct', 26],
  ['social', 20],
  ['mail', 16],
] as const;
const pages = [
  ['home', 30],
  ['list', 28],
  ['product', 26],
  ['cart', 9],
  ['checkout', 5],
  ['account', 2],
] as const;
/** From Sunday. */
const busy = [1.15, 0.92, 0.9, 0.94, 1, 1.1, 1.24];

interface Person {
  id: number;
  country: string;
  channel: string;
  /** Days since the first day of the shop's log; negative for earlier. */
  since: number;
  signedUp: string;
  /** How likely the person comes on a day, and buys when there. */
  habit: number;
  thrift: number;
}

/** The tables up to and with `lastDay`, a date `YYYY-MM-DD`. */
export function makeShop(lastDay: string): ShopTable[] {
  const random = randomFrom(seed);
  const first = Date.parse(`${lastDay}T00:00:00Z`) - (shopDays - 1) * 86_400_000;
  const persons = Array.from({ length: people }, (_, index) => makePerson(random, index, first));
  const log = new Log(random, first);
  for (let day = 0; day < shopDays; day++) for (const person of persons) visit(random, log, person, day);
  return [userTable(persons), purchaseTable(log), accessTable(log)];
}

function makePerson(random: Random, index: number, first: number): Person {
  const since = random() < 0.62 ? -between(random, 1, 300) : between(random, 0, shopDays - 1);
  return {
    id: 1001 + index,
    country: pick(random, countries),
    channel: pick(random, channels),
    since,
    signedUp: instant(first, since, random),
    habit: 0.06 + random() ** 2 * 0.55,
    thrift: 0.03 + random() * 0.2,
  };
}

function visit(random: Random, log: Log, person: Person, day: number): void {
  const isNew = person.since === day;
  if (person.since > day) return;
  const weekday = new Date(log.first + day * 86_400_000).getUTCDay();
  if (!isNew && random() > person.habit * busy[weekday]!) return;
  for (let looks = between(random, 1, 6); looks > 0; looks--) log.look(person, day);
  if (random() < person.thrift * (isNew ? 1.6 : 1)) log.pay(person, day);
}

class Log {
  readonly first: number;
  readonly looks: Value[][] = [];
  readonly payments: Value[][] = [];
  private random: Random;
  private nextLook = 500_001;
  private nextPayment = 70_001;

  constructor(random: Random, first: number) {
    this.random = random;
    this.first = first;
  }

  look(person: Person, day: number): void {
    const seconds = Math.round(4 + this.random() ** 3 * 240);
    this.twiceAtTimes(this.looks, [
      this.nextLook++,
      person.id,
      instant(this.first, day, this.random),
      pick(this.random, pages),
      seconds,
    ]);
  }

  pay(person: Person, day: number): void {
    const cents = Math.round((8 + this.random() ** 2 * 180) * 100) - between(this.random, 0, 1);
    const shipping = cents >= 5000 ? '0.00' : '4.90';
    const at = instant(this.first, day, this.random);
    this.twiceAtTimes(this.payments, [
      this.nextPayment++,
      person.id,
      at,
      money(cents),
      person.channel,
      person.country,
      shipping,
    ]);
  }

  private twiceAtTimes(log: Value[][], line: Value[]): void {
    log.push(line);
    if (this.random() < 0.02) log.push(line);
  }
}

/** A moment of a day, more likely in the evening; `YYYY-MM-DD HH:MM:SS`. */
function instant(first: number, day: number, random: Random): string {
  const hour = 6 + 17.9 * Math.sqrt(random());
  const at = new Date(first + day * 86_400_000 + Math.floor(hour * 3600) * 1000);
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

function userTable(persons: Person[]): ShopTable {
  return {
    name: 'user',
    description: 'The people of the sample shop. A word of SQL too, and still `FROM user` works as it is.',
    columns: [
      ['user_id', 'BIGINT'],
      ['signed_up_at', 'TIMESTAMP'],
      ['country', 'VARCHAR'],
      ['channel', 'VARCHAR'],
    ],
    rows: persons.map(({ id, signedUp, country, channel }) => [id, signedUp, country, channel]),
  };
}

function purchaseTable({ payments }: Log): ShopTable {
  return {
    name: 'purchase',
    description: 'What was paid in the sample shop. Some log lines are there twice, with the same purchase_id.',
    columns: [
      ['purchase_id', 'BIGINT'],
      ['user_id', 'BIGINT'],
      ['paid_at', 'TIMESTAMP'],
      ['amount', 'DECIMAL(18,2)'],
      ['channel', 'VARCHAR'],
      ['country', 'VARCHAR'],
      ['shipping_paid', 'DECIMAL(18,2)'],
    ],
    rows: payments,
  };
}

function accessTable({ looks }: Log): ShopTable {
  return {
    name: 'access',
    description:
      'Which pages of the sample shop were looked at, and for how long. Some log lines are there twice, with the same access_id.',
    columns: [
      ['access_id', 'BIGINT'],
      ['user_id', 'BIGINT'],
      ['visited_at', 'TIMESTAMP'],
      ['page', 'VARCHAR'],
      ['seconds', 'INTEGER'],
    ],
    rows: looks,
  };
}
