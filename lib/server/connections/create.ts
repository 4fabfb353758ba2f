import type { Connection } from '#prisma/client/client.ts';
import { withCache } from '#kernels/cache.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { Kernel } from '#kernels/kernel.ts';
import { explainIo, jobPerson, ReadyTransactions, validate } from '#kernels/server.ts';
import type { Answer, AskOptions, Trino, TrinoTarget } from '#kernels/server.ts';
import { Turns } from '#kernels/turns.ts';
import { ConnectionSettings, type Account } from '#lib/connection/settings.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { Agents } from './agents.ts';
import { ShownCatalogue } from './catalogue.ts';
import type { About, Asking, Catalogue, Connections, KernelUse, Person, Tried } from './connections.ts';
import { estimateOf } from './estimate.ts';
import { inTurn } from './in-turn.ts';
import { resultKey } from './key.ts';
import { limitedKernel, scanChecked } from './limited.ts';
import { askNoted, notedKernel, type Begun } from './noted.ts';
import { Results } from './results.ts';
import { Running } from './running.ts';
import { Shelf } from './shelf.ts';
import { newTrace, toTarget } from './target.ts';
import { membersOf } from './trial/members.ts';
import { tryAccount, tryAll } from './trial/trial.ts';

export type World = Pick<Lodestar, 'config' | 'log' | 'db' | 'now' | 'secrets'>;

export interface ConnectionsOptions {
  /** Seconds between looks at what was left behind; 0: none by itself. */
  every?: number;
}

/** Seconds for which a catalogue is shown as it was read, and answers of it kept in memory. */
const catalogueAge = 600;
const catalogueMost = 5_000;
/** Looks at a catalogue, validations and estimates at a time: they are short and must not wait behind queries. */
const quick = { together: 16, perPerson: 6 };

/** What exists once a process. It begins to look for what earlier processes left behind, and does not wait for it. */
export function createConnections(world: World, options: ConnectionsOptions = {}): StandingConnections {
  return new StandingConnections(world, options);
}

interface Lines {
  version: number;
  /** For queries people and jobs wait for, and for what only looks. */
  long: Turns;
  quick: Turns;
}

export class StandingConnections implements Connections {
  private world: World;
  private agents: Agents;
  private running: Running;
  private ready = new ReadyTransactions();
  private results: Results;
  private shelf: Shelf;
  private lines = new Map<string, Lines>();
  private closing = new AbortController();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(world: World, { every = 15 }: ConnectionsOptions) {
    this.world = world;
    this.agents = new Agents(world.config);
    this.results = new Results(world.config.DATA_DIR, world.now);
    this.shelf = new Shelf({ age: catalogueAge, most: catalogueMost, now: world.now });
    this.running = new Running(world, {
      alone: !world.config.DATABASE_URL,
      reach: (connection, userId) => this.reachLeft(connection, userId),
    });
    if (every === 0) return;
    void this.recover();
    this.timer = setInterval(() => void this.recover(), every * 1000);
    this.timer.unref();
  }

  async *test(tried: Tried, signal: AbortSignal) {
    const dispatcher = this.agents.make(tried.settings.authority);
    const either = AbortSignal.any([signal, this.closing.signal]);
    const exceptions = this.world.config.ALLOW_PRIVATE_ADDRESSES;
    const members = () => membersOf(this.world.db, tried.projectId, tried.person);
    yield* tryAll({ tried, dispatcher, exceptions, members, signal: either });
  }

  async signIn({ projectId, url, settings: raw }: Connection, own: Account, signal: AbortSignal) {
    const settings = ConnectionSettings.parse(raw);
    const dispatcher = this.agents.make(settings.authority);
    const person = { userId: '', email: '', name: '' };
    const tried = { projectId, url, settings, secret: null, own, person };
    const exceptions = this.world.config.ALLOW_PRIVATE_ADDRESSES;
    return tryAccount({ tried, dispatcher, exceptions, members: async () => [], signal });
  }

  target(person: Person, connection: Connection, about: About): Promise<TrinoTarget> {
    return toTarget(this.world, this.agents.for(connection), person, connection, about);
  }

  async kernel(person: Person, connection: Connection, about: About, use: KernelUse = {}): Promise<Kernel> {
    const target = await this.target(person, connection, about);
    const { limits } = ConnectionSettings.parse(connection.settings);
    const limited = { name: connection.name, limits };
    const noted = this.noted(person, connection, about, target);
    const checked = scanChecked(noted, limited, (code, inputs, signal) => explainIo(target, code, inputs, signal));
    const cached = withCache(this.waiting(checked, connection, person.userId), {
      store: this.results,
      key: (code, inputs, options) => resultKey({ userId: person.userId, target, connection }, code, inputs, options),
      maxAge: limits.cache,
      fresh: use.fresh ?? false,
      now: this.world.now,
    });
    return limitedKernel(cached, limited);
  }

  async jobKernel(person: Person, connection: Connection, about: About): Promise<Trino> {
    const target = await this.target(person, connection, about);
    return this.waiting(this.noted(person, connection, about, target), connection, turnOf(person, about));
  }

  async ask(person: Person, connection: Connection, about: About, sql: string, options: AskOptions = {}) {
    const target = await this.target(person, connection, about);
    return this.asked(person, connection, about, target, sql, options);
  }

  async validate(person: Person, connection: Connection, { code, inputs, signal }: Asking) {
    const target = await this.target(person, connection, { kind: 'catalogue' });
    return this.quickly(connection, person, signal, () => validate(target, code, inputs, signal));
  }

  async estimate(person: Person, connection: Connection, asking: Asking) {
    const target = await this.target(person, connection, { kind: 'catalogue' });
    const catalogue = this.catalogueAs(person, connection, target);
    return estimateOf(target, catalogue, asking, (work) => this.quickly(connection, person, asking.signal, work));
  }

  async catalogue(person: Person, connection: Connection): Promise<Catalogue> {
    return this.catalogueAs(person, connection, await this.target(person, connection, { kind: 'catalogue' }));
  }

  async stopOn(connectionId: string): Promise<void> {
    const lines = this.lines.get(connectionId);
    this.lines.delete(connectionId);
    const message = 'The connection is being deleted.';
    for (const turns of lines ? [lines.long, lines.quick] : [])
      turns.refuse(new KernelFailure({ code: 'cancelled', message }));
    await this.running.stopOn(connectionId);
    await this.running.look(connectionId);
  }

  recover(): Promise<void> {
    return this.running.look();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    for (const { long, quick } of this.lines.values())
      for (const turns of [long, quick]) turns.refuse(new Error('Lodestar is stopping.'));
    this.closing.abort();
    await Promise.all([this.running.settled(), this.ready.close()]);
    await this.agents.close();
  }

  private noted(person: Person, connection: Connection, about: About, target: TrinoTarget): Trino {
    const ready = about.kind === 'notebook' ? this.ready : undefined;
    return notedKernel(target, () => this.begin(person, connection, about, target), ready);
  }

  /** One run: its own trace, told to the log with who and where, and the row by which it is found again. */
  private begin(person: Person, connection: Connection, about: About, target: TrinoTarget): Begun {
    const traceToken = newTrace();
    const own = { ...target, traceToken };
    const { userId } = person;
    this.world.log.info({ traceToken, connectionId: connection.id, userId, ...about }, 'a query goes to a cluster');
    const noted = this.running.begin(traceToken, connection.id, userId, own);
    return { target: own, noted, closing: this.closing.signal };
  }

  private waiting(kernel: Trino, connection: Connection, person: string): Trino {
    const { together, perPerson } = ConnectionSettings.parse(connection.settings).limits;
    const turns = this.linesOf(connection).long;
    return inTurn(kernel, { turns, person, name: connection.name, together, perPerson });
  }

  private async asked(
    person: Person,
    connection: Connection,
    about: About,
    target: TrinoTarget,
    sql: string,
    options: AskOptions,
  ): Promise<Answer> {
    const { long, quick } = this.linesOf(connection);
    const turns = about.kind === 'job' ? long : quick;
    const leave = await turns.take(turnOf(person, about), options.signal ?? this.closing.signal);
    try {
      return await askNoted(this.begin(person, connection, about, target), sql, options);
    } finally {
      leave();
    }
  }

  private async quickly<T>(connection: Connection, person: Person, signal: AbortSignal, work: () => Promise<T>) {
    const leave = await this.linesOf(connection).quick.take(person.userId, signal);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  private catalogueAs(person: Person, connection: Connection, target: TrinoTarget): Catalogue {
    const about = { kind: 'catalogue' } as const;
    const { id, version } = connection;
    return new ShownCatalogue({
      shelf: this.shelf,
      prefix: JSON.stringify([id, version, person.userId, target.user]),
      query: async (sql, options) =>
        (await this.asked(person, connection, about, target, sql, { ...options, signal: this.closing.signal })).rows,
    });
  }

  /** The lines of a connection, with its limits as they are now. */
  private linesOf({ id, version, settings }: Connection): Lines {
    const known = this.lines.get(id);
    if (known && known.version >= version) return known;
    const { together, perPerson } = ConnectionSettings.parse(settings).limits;
    const kept = { places: 1, isOf: (person: string) => person.startsWith('job:') };
    const limits = { together, perPerson, ...(together > 2 ? { kept } : {}) };
    known?.long.change(limits);
    const lines = { version, long: known?.long ?? new Turns(limits), quick: known?.quick ?? new Turns(quick) };
    this.lines.set(id, lines);
    return lines;
  }

  /** A query left behind is stopped as whose it was, as far as that person is still known. */
  private async reachLeft(connection: Connection, userId: string): Promise<TrinoTarget | null> {
    const user = await this.world.db.user.findUnique({ where: { id: userId } });
    if (!user) return null;
    return this.target({ userId, email: user.email, name: user.name }, connection, { kind: 'test' }).catch(() => null);
  }
}

/** A job takes turns of its own, whoever owns it. */
function turnOf({ userId }: Person, about: About): string {
  return about.kind === 'job' ? jobPerson(about.job) : userId;
}
