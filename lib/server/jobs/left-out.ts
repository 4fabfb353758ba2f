import type { Left } from '#lib/server/warehouse/warehouse.ts';
import { formatCount } from '#lib/table/format.ts';
import type { Prisma } from '#prisma/client/client.ts';

/** What a run of a windowless job says of events that its query fails for. */
export interface LeftOut extends Prisma.InputJsonObject {
  code: 'events-failed';
  message: string;
  events: number;
}

/** `before`: so many were left out of the same hour already; `of`: how many it has had. */
export function leftOutWords(left: Left, { before = 0, of, beside }: { before?: number; of: number; beside: string }) {
  const events = before + left.file.rows;
  const [{ at, message }] = left.first as [Left['first'][number]];
  const counted = `${events.toLocaleString('en')} of ${formatCount(of, 'event')}`;
  const where = `They stand in ${beside}, each with what was said of it as _error.`;
  return {
    code: 'events-failed',
    message: `The query fails for ${counted}, which are left out. ${where} Event ${at}: ${message}`,
    events,
  } satisfies LeftOut;
}
