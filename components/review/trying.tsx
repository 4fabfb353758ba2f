import { useEffect, useState } from 'react';
import { Progress } from '#components/parts/progress.tsx';

/** How long it has been tried; nothing for the first moment. */
export function Trying({ busy, what }: { busy: boolean; what: string }) {
  return busy ? <Counting what={what} /> : null;
}

function Counting({ what }: { what: string }) {
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
    <Progress label="Trying it on the server" done={null}>
      <span role="status">
        {what}; {seconds} s, a minute or two at most
      </span>
    </Progress>
  );
}
