'use client';
import Link from 'next/link';
import { useState } from 'react';
import { kindOf } from '#components/grid/data.ts';
import { columnIcons } from '#components/grid/head.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { useFrame } from '#components/frame/use-layout.ts';
import { rateWords } from '#components/stream/words.ts';
import type { StreamHere } from '#lib/client/notebook/streams.ts';
import { useDesk, useHere, useView } from './context.tsx';
import { Part } from './side-part.tsx';

/** The streams of the project: how fast each goes, and its columns. */
export function StreamsPart({ fits }: { fits(name: string): boolean }) {
  const streams = useView((view) => view.streams);
  const found = streams.filter((each) => fits(each.name) || each.columns.some((column) => fits(column.name)));
  if (streams.length === 0) return null;
  return (
    <Part title="Streams" clause="events a second">
      <ul className="tree cols">
        {found.map((stream) => (
          <StreamLines key={stream.id} stream={stream} />
        ))}
      </ul>
    </Part>
  );
}

function StreamLines({ stream }: { stream: StreamHere }) {
  const { desk } = useHere();
  const { hideSide, wide } = useFrame();
  const [open, setOpen] = useState(false);
  const asked = useDesk((state) => state.panel === 'data' && !state.there && state.table === stream.name);
  const show = () => {
    setOpen(!open);
    desk.set({ panel: 'data', table: stream.name, there: null });
    if (!wide && open) hideSide();
  };
  return (
    <>
      <li className={asked ? 'on' : undefined}>
        <Icon name="radio" />
        <button type="button" className="t" aria-expanded={open} onClick={show}>
          {stream.name}
        </button>
        <span className="r">{rateWords(stream.rate)}</span>
      </li>
      {open &&
        stream.columns.map((column) => (
          <li key={column.name} className="d1">
            <Icon name={columnIcons[kindOf(column.type)]} size="small" />
            <span className="t">{column.name}</span>
            <span className="r ty ell">{column.type.toLowerCase()}</span>
          </li>
        ))}
      {open && (
        <li className="act">
          <Link className="link" href={`/streams/${stream.id}`}>
            Its page, with the live tail
          </Link>
        </li>
      )}
    </>
  );
}
