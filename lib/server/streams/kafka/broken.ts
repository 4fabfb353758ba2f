import { latest, type Cluster } from './cluster.ts';
import { BatchBroken } from './words.ts';

/*
 * How far a batch of records reaches that cannot be unpacked, so that people know from where on its partition can be read. A broker
 * gives the whole batch for any offset within it: those that follow it are looked for, in growing steps and then between them.
 */

interface Place {
  cluster: Pick<Cluster, 'fetch' | 'offsets'>;
  leader: number;
  partition: number;
}

/** The first offset after `from`, which cannot be read, that can; null when none can yet. Throws what a connection throws. */
export async function reachOf({ cluster, leader, partition }: Place, from: number): Promise<number | null> {
  const end = (await cluster.offsets(leader, [partition], latest)).get(partition)!;
  const isRead = async (offset: number) => {
    try {
      await cluster.fetch(leader, [{ partition, offset }], { bytes: 1, wait: 0 });
      return true;
    } catch (error) {
      if (error instanceof BatchBroken) return false;
      throw error;
    }
  };
  let [broken, next] = [from, from + 1];
  for (let step = 1; next < end && !(await isRead(next)); step *= 2) [broken, next] = [next, next + step * 2];
  next = Math.min(next, end);
  while (next - broken > 1) {
    const middle = Math.floor((broken + next) / 2);
    if (await isRead(middle)) next = middle;
    else broken = middle;
  }
  return next > from ? next : null;
}
