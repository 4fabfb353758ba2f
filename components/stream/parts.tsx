import { Fragment } from 'react';
import type { SourceView } from '#lib/stream/source.ts';
import { whole } from '#components/parts/words.ts';

/** The parts of a source, what waits in each, and what keeps one from moving. */
export function Parts({ source }: { source: SourceView | null }) {
  const parts = source?.partitions ?? [];
  const most = Math.max(1, ...parts.map(({ lag }) => lag ?? 0));
  return (
    <>
      <div className="insp">
        <h2>
          Partitions <span>waiting</span>
        </h2>
        {parts.length === 0 ? (
          <p className="mut">The broker has not said yet which partitions the topic has.</p>
        ) : (
          <div className="hb part-bars">
            {parts.map(({ id, lag, state, lost }) => (
              <Fragment key={id}>
                <span>{id}</span>
                <span className="bar alt" style={{ '--p': `${((lag ?? 0) / most) * 100}%` } as React.CSSProperties} />
                <span className="num">{lag === null ? '' : whole(lag)}</span>
                <span>{lost > 0 ? `${whole(lost)} lost` : state === 'reading' ? '' : state}</span>
              </Fragment>
            ))}
          </div>
        )}
      </div>
      {source?.trouble && <p className="insp st-fail">{source.trouble}</p>}
    </>
  );
}
