import type { LiveView } from '#lib/job/view.ts';
import { Notice } from '#components/parts/notice.tsx';
import { troubleAdvice } from './live-words.ts';

/** Why a real-time job does not go on, and what to do; nothing while it does. */
export function JobTrouble({ live: { trouble, node } }: { live: Pick<LiveView, 'trouble' | 'node'> }) {
  if (!trouble) return null;
  return (
    <Notice state={node ? 'warned' : 'failed'}>
      {trouble.message} {troubleAdvice(trouble.code)}
    </Notice>
  );
}
