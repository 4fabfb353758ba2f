import { readFile } from 'node:fs/promises';
import type { Relation } from '#kernels/kernel.ts';
import type { WarehouseKernel } from '#kernels/server.ts';
import type { PrismaClient, Segment } from '#prisma/client/client.ts';
import { offsetColumn, receivedColumn } from '#lib/stream/spec.ts';
import { spanMs, type Moment } from '#lib/stream/moment.ts';
import { jsonRows } from '#lib/table/json.ts';
import type { Folder } from './folder.ts';
import { readFrames, syncFolder } from './segment.ts';
import { readMoments, timelineFile, toMoment, writeMoment } from './timeline.ts';
import { writeSynced } from './write.ts';

interface World {
  db: PrismaClient;
  folder: Folder;
  kernel(): WarehouseKernel;
}

/** What stays in memory: who goes through a segment comes back for its next part. The last one stays however large it is. */
const usual = { segments: 4, moments: 500_000 };

/** The moments of closed and sealed segments, which never change. */
export class Past {
  private world: World;
  private kept = new Map<string, Promise<Moment[]>>();
  private counts = new Map<string, number>();
  private most: typeof usual;

  constructor(world: World, most = usual) {
    this.world = world;
    this.most = most;
  }

  async of(segment: Segment, eventTime: string): Promise<Moment[]> {
    const found = this.kept.get(segment.id) ?? this.read(segment, eventTime);
    this.kept.delete(segment.id);
    this.kept.set(segment.id, found);
    try {
      const moments = await found;
      this.counts.set(segment.id, moments.length);
      return moments;
    } catch (error) {
      this.kept.delete(segment.id);
      throw error;
    } finally {
      this.letGo();
    }
  }

  /** The oldest, until the others are few enough. */
  private letGo(): void {
    const [last, ...others] = [...this.kept.keys()].toReversed();
    let moments = this.counts.get(last ?? '') ?? 0;
    for (const [index, id] of others.entries()) {
      moments += this.counts.get(id) ?? 0;
      if (index + 2 > this.most.segments || moments > this.most.moments) this.kept.delete(id);
    }
    for (const id of this.counts.keys()) if (!this.kept.has(id)) this.counts.delete(id);
  }

  private async read(segment: Segment, eventTime: string): Promise<Moment[]> {
    const { streamId, state, timeline } = segment;
    if (state !== 'sealed') return this.fromLog(segment, eventTime);
    if (timeline === null) return this.rebuild(segment, eventTime);
    return readMoments(await readFile(this.world.folder.path(streamId, timeline), 'utf8'));
  }

  private async fromLog({ streamId, log, logBytes }: Segment, eventTime: string): Promise<Moment[]> {
    const moments: Moment[] = [];
    for await (const { frame } of readFrames(this.world.folder.path(streamId, log), Number(logBytes))) {
      const moment = toMoment(frame, eventTime);
      if (moment) moments.push(moment);
    }
    return moments;
  }

  /** For a segment that was sealed before timelines were kept: what came at the same time is one moment. */
  private async rebuild(segment: Segment, eventTime: string): Promise<Moment[]> {
    const { db, folder, kernel } = this.world;
    const { id, streamId } = segment;
    const moments = await queried(kernel(), folder.path(streamId, segment.file!), eventTime);
    const timeline = timelineFile(segment);
    await writeSynced(folder.path(streamId, timeline), moments.map(writeMoment));
    await syncFolder(folder.path(streamId, '.'));
    await db.segment.updateMany({ where: { id, timeline: null }, data: { timeline } });
    return moments;
  }
}

async function queried(kernel: WarehouseKernel, file: string, eventTime: string): Promise<Moment[]> {
  const events: Relation = { kind: 'parquet', hash: file, complete: true, files: [file], columns: [] };
  const time = `epoch_ms("${eventTime.replaceAll('"', '""')}")`;
  const source = `SELECT epoch_ms(${receivedColumn}), ${time} // ${spanMs} * ${spanMs}, min(${offsetColumn}), count(*), max(${time})
    FROM events GROUP BY ALL ORDER BY 1, 2`;
  const run = kernel.run(
    { name: 'timeline', source },
    { parameters: {}, relations: { events } },
    { signal: AbortSignal.timeout(300_000), person: 'house' },
  );
  const moments: Moment[] = [];
  for await (const event of run) {
    if (event.type === 'failed') throw new Error(event.error.detail ?? event.error.message);
    if (event.type !== 'batch') continue;
    for (const row of jsonRows(event.batch)) add(moments, (row as unknown[]).map(Number) as Numbers);
  }
  return moments;
}

type Numbers = [received: number, span: number, first: number, count: number, latest: number];

function add(moments: Moment[], [received, span, first, count, latest]: Numbers): void {
  let moment = moments.at(-1);
  if (moment?.received !== received) moments.push((moment = { first, rows: 0, received, parts: { '': 0 }, spans: [] }));
  moment.first = Math.min(moment.first, first);
  moment.rows += count;
  moment.parts = { '': Math.max(moment.parts['']!, latest) };
  moment.spans.push([span, count]);
}
