import type { LineState } from '#lib/client/changes.ts';
import { Mark } from '#components/parts/mark.tsx';

const words: Record<LineState, string> = {
  live: 'live',
  connecting: 'asking for news',
  lost: 'not live; read again when you come back to it',
};

/** Whether the page follows what is published, in a word. */
export function LiveMark({ line }: { line: LineState }) {
  return (
    <span className="live-mark" title={`This page is ${words[line]}.`}>
      <Mark state={line === 'live' ? 'good' : line === 'lost' ? 'warned' : 'idle'} label="" />
      {words[line]}
    </span>
  );
}
