'use client';
import { useState } from 'react';
import type { Watched } from '#lib/client/stream/watch.ts';
import { Button } from '#components/parts/button.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { whole } from '#components/parts/words.ts';
import { instant } from './list.tsx';
import { causesOf } from './words.ts';

const rawShown = 20;

/** Events that broke the contract: why, how many, and as they came. */
export function DeadLetters({ watched: { view, dead, at }, zone }: { watched: Watched; zone: string }) {
  const [raw, setRaw] = useState(false);
  const now = new Date(at).toISOString();
  const letters = dead ?? [];
  const head = (
    <>
      <th>why</th>
      <th className="num">events</th>
      <th className="num">last</th>
    </>
  );
  return (
    <>
      <header>
        <h2>Dead letters</h2>
        <p>{clause(view.deadLetters, view.offset, letters.length)}</p>
      </header>
      {letters.length === 0 ? (
        <p className="mut">
          {view.deadLetters > 0
            ? 'Those there were are no longer kept.'
            : 'None. An event that breaks the contract would stand here, as it came, with the reason.'}
        </p>
      ) : (
        <DataTable label="Dead letters" head={head}>
          {causesOf(letters).map((cause) => (
            <tr key={cause.why}>
              <td className="wrap">
                {cause.why}
                {cause.last && (
                  <>
                    <br />
                    <span className="mut">{cause.last}</span>
                  </>
                )}
              </td>
              <td className="num">{whole(cause.events)}</td>
              <td className="num">{instant(cause.lastAt, now, zone)}</td>
            </tr>
          ))}
        </DataTable>
      )}
      {letters.length > 0 && (
        <div className="below">
          <Button size="small" aria-expanded={raw} onClick={() => setRaw(!raw)}>
            {raw ? 'Hide the raw events' : 'Show the raw events'}
          </Button>
        </div>
      )}
      {raw && (
        <ul className="raw-events" tabIndex={0} aria-label="Raw events, the latest first">
          {letters.slice(0, rawShown).map((letter) => (
            <li key={letter.number}>
              <time className="mut">{instant(letter.receivedAt, now, zone)}</time> <span>{letter.reason}</span>
              <pre>
                {letter.raw}
                {letter.isCut && ' …'}
              </pre>
            </li>
          ))}
          {letters.length > rawShown && (
            <li className="mut">
              The latest {rawShown} of {whole(view.deadLetters)}; all are at{' '}
              <a className="link mono" href={`/api/streams/${view.id}/dead-letters`}>
                /api/streams/{view.id}/dead-letters
              </a>
            </li>
          )}
        </ul>
      )}
    </>
  );
}

function clause(all: number, events: number, counted: number): string {
  if (all === 0) return '';
  const of = `${whole(all)} of ${whole(all + events)} that came`;
  return counted < all ? `${of}; below the last ${whole(counted)}` : of;
}
