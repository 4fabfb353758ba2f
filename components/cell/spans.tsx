'use client';
import { useHere, useView } from '#components/notebook/context.tsx';
import { minutesWords } from '#components/notebook/stream-reads.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { clock } from '#components/parts/words.ts';
import type { StreamSpan } from '#lib/client/notebook/stream-window.ts';

/** Which minutes of which streams a result is made from, as of when, and whether it follows them. */
export function Spans({ spans }: { spans: readonly StreamSpan[] }) {
  const { zone } = useHere();
  return spans.map(({ name, minutes, at }) => (
    <span key={name} className="span">
      {minutesWords(minutes).replace('the ', '')}
      {spans.length > 1 && ` of ${name}`}, as of <b>{clock(new Date(at), zone, true)}</b>
      <Follow name={name} />
    </span>
  ));
}

function Follow({ name }: { name: string }) {
  const { store } = useHere();
  const stream = useView((view) => view.streams.find((each) => each.name === name));
  if (!stream) return null;
  const { id, isLive } = stream;
  return (
    <button
      type="button"
      className="follows"
      aria-pressed={isLive}
      aria-label={isLive ? `Live: follows ${name}. Pause` : `Paused. Follow ${name}`}
      title={isLive ? 'Runs again as events come, while the tab is in sight. Pause' : 'Follow it again'}
      onClick={() => store.act.setStream(id, { isLive: !isLive })}
    >
      {isLive ? <Mark state="running" progress={0.88} label="" /> : <Icon name="pause" size="small" />}
      {isLive ? 'live' : 'paused'}
    </button>
  );
}
