import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Done, KernelError, Relation } from '#kernels/kernel.ts';
import { BuildWorkshop, WarehouseKernel, buildInChild, explainInChild, landInChild } from '#kernels/server.ts';
import type { BuildTask, Landed, Reply, WarehouseOptions, Written } from '#kernels/server.ts';
import { getLodestar, type Lodestar } from '#lib/server/lodestar.ts';
import { eventsName } from './events-dataset.ts';
import { refreshEvents } from './events.ts';
import { Files, measure } from './files.ts';
import { datasetRelations, namedFiles, publishPartition } from './manifest.ts';
import type { Standing } from './standing.ts';
import { receive, type Upload } from './upload.ts';
import type { Build, Built, Explain, Explained, Landing, OtherWindow, Warehouse, Workshop } from './warehouse.ts';

/** How long a file is kept after the last manifest entry that named it went, ms. */
const patience = 3_600_000;
/** Wall clock of one window of a job, ms. */
const buildTimeout = 1_800_000;
/** Wall clock of asking how a text would be answered, ms: what it reads of datasets may be run for it. */
const explainTimeout = 60_000;
/** Files that rows of another engine may become, and rows in each. */
const landed = { files: 256, partRows: 500_000 };

export type World = Pick<Lodestar, 'config' | 'log' | 'db' | 'now'>;

export async function createWarehouse(world: World, options: WarehouseOptions = {}): Promise<StandingWarehouse> {
  const files = new Files(world.config.DATA_DIR);
  await files.prepare();
  return new StandingWarehouse(world, files, new WarehouseKernel(options));
}

export class StandingWarehouse implements Standing {
  readonly kernel: WarehouseKernel;
  readonly files: Files;
  private world: World;
  private timer: ReturnType<typeof setInterval>;
  private refreshing = new Map<string, Promise<void>>();

  constructor(world: World, files: Files, kernel: WarehouseKernel) {
    this.world = world;
    this.files = files;
    this.kernel = kernel;
    this.timer = setInterval(() => void this.sweepQuietly(), patience / 2);
    this.timer.unref();
  }

  async relations(projectId: string, names: string[]) {
    if (names.some((name) => name.toLowerCase() === eventsName)) await this.refresh(projectId);
    const datasets = await datasetRelations(this.world.db, this.files, projectId, names);
    const others = names.filter((name) => !(name in datasets));
    if (others.length === 0) return datasets;
    return { ...datasets, ...(await getLodestar().streams.relations(projectId, others)) };
  }

  explain({ person = 'house', ...task }: Explain, signal: AbortSignal): Promise<Explained> {
    return explainInChild(this.kernel, task, { signal, timeout: explainTimeout, person });
  }

  async build(request: Build, signal: AbortSignal): Promise<Built> {
    const options = { ...optionsOf(request, signal), person: request.person ?? 'house' };
    const ask = async (task: BuildTask) => [await buildInChild(this.kernel, task, options)];
    return (await this.buildWith(request, [], ask))[0]!;
  }

  private async buildWith(
    request: Build,
    windows: OtherWindow[],
    ask: (task: BuildTask) => Promise<Reply<Written>[]>,
  ): Promise<Built[]> {
    const { steps, parameters, relations, stamp, preview, result = steps.at(-1)!.name } = request;
    const started = performance.now();
    const output = this.files.stage('parquet');
    const sift = request.sift && { ...request.sift, output: this.files.stage('parquet') };
    const task = {
      steps,
      parameters,
      relations,
      checks: request.checks,
      stamp,
      result,
      preview: preview ?? null,
      output,
      ...(sift ? { sift } : {}),
      others: windows.map((window) => ({ ...window, output: this.files.stage('parquet') })),
    };
    const replies = await ask(task);
    const took = performance.now() - started;
    const outputs = [output, ...task.others.map((other) => other.output)];
    return Promise.all(replies.map((reply, at) => builtOf(reply, { output: outputs[at]!, sift, took })));
  }

  workshop(person: string): Workshop {
    const workshop = new BuildWorkshop(this.kernel, person);
    const each: Workshop['each'] = (request, others, signal) =>
      this.buildWith(request, others, (task) => workshop.build(task, optionsOf(request, signal)));
    return {
      build: async (request, signal) => (await each(request, [], signal))[0]!,
      each,
      close: () => workshop.close(),
    };
  }

  land: Warehouse['land'] = async (events, { signal, person = 'house' }): Promise<Landing> => {
    const outputs = Array.from({ length: landed.files }, () => this.files.stage('parquet'));
    const remove = async () => void (await Promise.all(outputs.map((path) => rm(path, { force: true }))));
    const options = { signal, timeout: buildTimeout, person };
    const reply = await landInChild(this.kernel, { outputs, partRows: landed.partRows }, events, options);
    if (reply.ok && reply.value.done.complete) return { ...landedRows(reply.value), remove };
    await remove();
    return { ok: false, error: reply.ok ? wasCut(reply.value.rows) : reply.error };
  };

  receive(upload: Upload): ReturnType<Standing['receive']> {
    return receive(this, upload);
  }

  publish: Warehouse['publish'] = (tx, partition) => publishPartition(tx, this.files, partition);

  settle: Warehouse['settle'] = (file) => this.files.settle(file);

  async sweep(): Promise<void> {
    await this.files.sweep(await namedFiles(this.world.db), this.world.now().getTime(), patience);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.kernel.close();
  }

  /** One refresh a project at a time; who comes meanwhile waits for one that began after it came. */
  private async refresh(projectId: string): Promise<void> {
    const before = this.refreshing.get(projectId) ?? Promise.resolve();
    const own = { relations: (id: string, names: string[]) => datasetRelations(this.world.db, this.files, id, names) };
    const mine = before
      .catch(() => undefined)
      .then(() =>
        refreshEvents(
          this.world,
          { ...own, build: this.build.bind(this), settle: this.settle, publish: this.publish },
          projectId,
        ),
      );
    this.refreshing.set(projectId, mine);
    await mine.finally(() => this.refreshing.get(projectId) === mine && this.refreshing.delete(projectId));
  }

  private async sweepQuietly(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.world.log.error({ err: error }, 'the warehouse could not be swept');
    }
  }
}

function optionsOf({ log }: Build, signal: AbortSignal) {
  return { signal, timeout: buildTimeout, log };
}

type Place = Pick<BuildTask, 'output' | 'sift'> & { took: number };

async function builtOf(reply: Reply<Written>, { output, sift, took }: Place): Promise<Built> {
  if (!reply.ok) {
    for (const path of [output, sift?.output]) if (path) await rm(path, { force: true });
    return reply;
  }
  const { rows, columns, checks, preview, sifted } = reply.value;
  const file = await measure(output, rows);
  const left = sifted?.left && { ...sifted.left, file: await measure(sift!.output, sifted.left.rows) };
  return { ok: true, file, columns, checks, preview, took, sifted: sifted ? { ...sifted, left: left ?? null } : null };
}

function landedRows({ files, columns, rows, done }: Landed & { done: Done }) {
  const relation: Relation = { kind: 'parquet', hash: randomUUID(), complete: true, files, columns };
  return { ok: true as const, relation, rows, done };
}

function wasCut(rows: number): KernelError {
  return {
    code: 'refused',
    message: `Only ${rows.toLocaleString('en')} rows may be brought from the cluster, and there are more.`,
    hint: 'Filter or aggregate where the rows are, in a cell on the connection.',
  };
}
