'use client';
import Link from 'next/link';
import { Select } from '#components/parts/field.tsx';
import { Switch } from '#components/parts/switch.tsx';
import type { StreamHere } from '#lib/client/notebook/streams.ts';
import { useHere } from './context.tsx';

const choices = [1, 5, 15, 30, 60, 240, 1440];

/** How cells of this tab read a stream; on the warehouse it is read whole. */
export function StreamReads({ stream }: { stream: StreamHere }) {
  const { store } = useHere();
  const minutes = [...new Set([...choices, stream.minutes])].sort((one, other) => one - other);
  return (
    <div className="insp">
      <h2>
        In the browser <span>in this tab</span>
      </h2>
      <label className="prow">
        <span>Reads</span>
        <Select
          value={stream.minutes}
          onChange={(event) => store.act.setStream(stream.id, { minutes: Number(event.target.value) })}
        >
          {minutes.map((each) => (
            <option key={each} value={each}>
              {minutesWords(each)}
            </option>
          ))}
        </Select>
      </label>
      <label className="prow">
        <span>Follows</span>
        <Switch
          label={`Follow ${stream.name}`}
          checked={stream.isLive}
          onChange={(isLive) => store.act.setStream(stream.id, { isLive })}
        />
      </label>
      <p className="sec">
        By when events came. A warehouse cell reads all that is kept.{' '}
        <Link className="link" href={`/streams/${stream.id}`}>
          Its page
        </Link>
      </p>
    </div>
  );
}

export function minutesWords(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? 'the last day' : `the last ${minutes / 1440} days`;
  return minutes > 60 && minutes % 60 === 0 ? `the last ${minutes / 60} h` : `the last ${minutes} min`;
}
