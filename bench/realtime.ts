import { shopStream, simulate } from '#lib/server/boot/simulated-shop.mjs';
import { push, type Sales } from '#lib/testing/realtime.ts';

/** A shop's events as lines, for the benches of real time: so many a second, from a fixed seed. */
export interface ShopEvent {
  happened_at: string;
  event_id: number;
  user_id: number | null;
  [column: string]: unknown;
}

export const start = Date.UTC(2026, 10, 20, 8);
export const shop = { ...shopStream, name: 'shop_events', idle: 86_400 };

/** In the order they come, late ones and those that come twice with them. */
export function shopEvents(count: number, rate: number): ShopEvent[] {
  const events: ShopEvent[] = [];
  for (const step of simulate({ seed: 7, start, rate, day: 86_400 })) {
    events.push(...(step.events as ShopEvent[]));
    if (events.length >= count) break;
  }
  return events.slice(0, count);
}

/** So that every part of the events is as large as another, but most of them are of one person. */
export function ofOnePerson(events: readonly ShopEvent[], share: number): ShopEvent[] {
  return events.map((event, at) => ({ ...event, user_id: at % 100 < share * 100 ? 1 : (at * 7919) % 10_000 }));
}

export async function pushAll(sales: Sales, events: readonly ShopEvent[], each = 2000): Promise<void> {
  for (let at = 0; at < events.length; at += each) await push(sales, events.slice(at, at + each));
}

/** Resolves when the job has answered for every event before this number. */
export async function answered({ lodestar }: Sales, jobId: string, end: number): Promise<void> {
  const isThere = async () =>
    Number((await lodestar.db.liveJob.findUniqueOrThrow({ where: { jobId } })).position) >= end;
  while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Resolves when so many windows of the job stand. */
export async function published(sales: Sales, jobId: string, windows: number): Promise<void> {
  const { db } = sales.lodestar;
  while ((await db.run.count({ where: { jobId, cause: 'stream' } })) < windows)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
