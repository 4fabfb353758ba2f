'use client';
import { useHere } from '#components/notebook/context.tsx';
import { Button } from '#components/parts/button.tsx';
import { clock } from '#components/parts/words.ts';
import { ageWords } from './cluster-words.ts';
import { useMinute } from './clock.ts';

/** These rows were kept from an earlier run of the same text: how old they are, and the way past them. */
export function Kept({ cellId, cachedAt }: { cellId: string; cachedAt: string }) {
  const { store, zone } = useHere();
  const now = useMinute();
  return (
    <span className="kept">
      <span>
        kept from <b>{clock(cachedAt, zone)}</b>, {ageWords(cachedAt, now)}
      </span>
      <Button kind="bare" size="small" onClick={() => store.act.run(cellId, { fresh: true })}>
        Run on Trino again
      </Button>
    </span>
  );
}
