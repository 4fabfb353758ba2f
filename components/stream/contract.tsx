import type { Watched } from '#lib/client/stream/watch.ts';
import { TypeIcon } from '#components/dataset/columns.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { percent, whole } from '#components/parts/words.ts';
import { ageWords } from './words.ts';

/** What each event promises: columns, their types, which are the key and the time, how many of the last ones are filled. */
export function Contract({ watched: { view, filled, tail } }: { watched: Watched }) {
  const head = (
    <>
      <th>column</th>
      <th>type</th>
      <th>what was agreed</th>
      <th className="num" title={`Of the last ${whole(tail.inHand)} events`}>
        filled
      </th>
    </>
  );
  return (
    <div>
      <header>
        <h2>Contract</h2>
        <p>a new column is taken in, a broken one is not</p>
      </header>
      {view.columns.length === 0 ? (
        <p className="mut">
          It has no columns until its first events are there. <span className="mono">{view.eventTime}</span> is to say
          when each happened
          {view.key.length > 0 && (
            <>
              , <span className="mono">{view.key.join(', ')}</span> to name it
            </>
          )}
          .
        </p>
      ) : (
        <DataTable label="Contract" look="mid" head={head}>
          {view.columns.map(({ name, type }) => (
            <tr key={name}>
              <td>
                <span className="cn">
                  <TypeIcon type={type} />
                  {name}
                </span>
              </td>
              <td className="mono mut">{type.toLowerCase()}</td>
              <td className="wrap">{agreed(name, view)}</td>
              <td className="num">
                {filled.has(name) ? percent(filled.get(name)!, 1, digits(filled.get(name)!)) : ''}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </div>
  );
}

function agreed(name: string, { eventTime, key, deduplication }: Watched['view']): string {
  const parts = [
    name === eventTime && 'the event time',
    key.includes(name) && (key.length > 1 ? 'part of the key' : 'the key'),
  ].filter(Boolean);
  const isKey = key.includes(name) && deduplication > 0;
  return [parts.join(', '), isKey && `twice within ${ageWords(deduplication)} counts once`].filter(Boolean).join('; ');
}

/** A share that is nearly all says so. */
function digits(share: number): number {
  return share === 0 || share === 1 ? 0 : 1;
}
