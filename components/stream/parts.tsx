import { Fragment } from 'react';
import type { StreamView } from '#lib/client/api/streams.ts';
import { whole } from '#components/parts/words.ts';

type Source = NonNullable<StreamView['source']>;
type Part = Source['partitions'][number];

/** The parts of a source and how many records wait in each. */
export function Parts({ source }: { source: Source }) {
  const { partitions, brokers, trouble } = source;
  const most = Math.max(1, ...partitions.map(({ lag }) => lag ?? 0));
  return (
    <>
      <div className="insp">
        <h2>
          Partitions <span>records waiting</span>
        </h2>
        {partitions.length === 0 ? (
          <p className="mut">{trouble ?? 'The broker has not said yet which partitions the topic has.'}</p>
        ) : (
          <div className="hb part-bars">
            {partitions.map(({ id, lag, state }) => (
              <Fragment key={id}>
                <span>{id}</span>
                <span className="bar alt" style={{ '--p': `${((lag ?? 0) / most) * 100}%` } as React.CSSProperties} />
                <span className="num">{lag === null ? '' : whole(lag)}</span>
                <span className={state === 'stuck' || state === 'gone' ? 'num st-fail' : 'num'}>{state}</span>
              </Fragment>
            ))}
          </div>
        )}
        {wordsOf(partitions).map((words) => (
          <p key={words} className="mut">
            {words}
          </p>
        ))}
      </div>
      <div className="insp last">
        <h2>The topic</h2>
        <dl className="kv">
          <dt>Topic</dt>
          <dd className="mono">{source.topic}</dd>
          <dt>Brokers</dt>
          <dd className="mono">{brokers.join(', ')}</dd>
          <dt>Safety</dt>
          <dd>{[source.tls && 'TLS', source.sasl && 'SASL'].filter(Boolean).join(', ') || 'none'}</dd>
          <dt>Read from</dt>
          <dd>{source.start === 'earliest' ? 'the first record' : 'the end, as it was'}</dd>
        </dl>
      </div>
    </>
  );
}

/** Records that wait in all parts; null while it is known of none. */
export function waitingIn(partitions: readonly Part[]): number | null {
  const known = partitions.flatMap(({ lag }) => lag ?? []);
  return known.length > 0 ? known.reduce((sum, each) => sum + each, 0) : null;
}

function wordsOf(partitions: readonly Part[]): string[] {
  const troubles = partitions.flatMap(({ id, trouble }) => (trouble ? [`Partition ${id}: ${trouble}`] : []));
  const lost = partitions.reduce((sum, part) => sum + part.lost, 0);
  return lost > 0
    ? [...troubles, `${whole(lost)} records were deleted by the broker before they were read.`]
    : troubles;
}
