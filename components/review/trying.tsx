import { useEffect, useState } from 'react';
import type { Trying as TryingNow } from '#lib/job/evidence.ts';
import { Progress } from '#components/parts/progress.tsx';
import { fractionOf, tryingWords } from './trying-words.ts';

interface Given {
  what: string;
  /** What the server says it is at. */
  now?: TryingNow | null;
  /** How long it may take, in words. */
  most?: string;
}

/** How long it has been tried; nothing for the first moment. */
export function Trying({ busy, ...given }: Given & { busy: boolean }) {
  return busy ? <Counting {...given} /> : null;
}

function Counting({ what, now = null, most = 'a minute or two at most' }: Given) {
  const [seconds, setSeconds] = useState<number | null>(null);
  useEffect(() => {
    const began = Date.now();
    const count = () => setSeconds(Math.floor((Date.now() - began) / 1000));
    const first = setTimeout(count, 300);
    const timer = setInterval(count, 1000);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, []);
  if (seconds === null) return null;
  return (
    <Progress label="Trying it on the server" done={now && fractionOf(now)}>
      <span role="status">
        {(now && tryingWords(now)) ?? what}; {seconds} s, {most}
      </span>
    </Progress>
  );
}
