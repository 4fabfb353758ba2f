import { parseExact } from '#lib/stream/json.ts';
import type { Item } from '#lib/server/streams/judge.ts';
import type { KafkaRecord } from './records.ts';

/** Bytes of a value; as of a line that is pushed. */
const most = 2 ** 20;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What a record is to the log: an event, or why it is none. */
export function toItem({ offset, value }: KafkaRecord, topic: string, partition: number): Item {
  const where = () => `${topic}, partition ${partition}, offset ${offset}`;
  if (value === null)
    return { fault: 'The record has no value (a tombstone): a stream keeps events and forgets none.', raw: '', where };
  if (value.length > most)
    return { fault: `The record is longer than ${most} bytes.`, raw: value.toString('utf8', 0, most), where };
  try {
    const text = utf8.decode(value);
    return { ...parsed(text), where };
  } catch {
    return { fault: 'The record is not UTF-8.', raw: value.toString('utf8'), where };
  }
}

function parsed(text: string): Item {
  try {
    return { event: parseExact(text), raw: text };
  } catch (error) {
    return { fault: `The record is no JSON: ${(error as Error).message}.`, raw: text };
  }
}
