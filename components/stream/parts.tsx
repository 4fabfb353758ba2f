import { Fragment } from 'react';
import type { StreamSource } from '#lib/client/api/streams.ts';
import { whole } from '#components/parts/words.ts';
import { ageWords } from './words.ts';

/** The parts of a source and what waits in each, as far as the source says it. */
export function Parts({ source }: { source: StreamSource | null | undefined }) {
  const parts = source?.partitions ?? [];
  const most = Math.max(1, ...parts.map(({ waiting }) => waiting ?? 0));
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
            {parts.map(({ partition, waiting, behind }) => (
              <Fragment key={partition}>
                <span>{partition}</span>
                <span
                  className="bar alt"
                  style={{ '--p': `${((waiting ?? 0) / most) * 100}%` } as React.CSSProperties}
                />
                <span className="num">{typeof waiting === 'number' ? whole(waiting) : ''}</span>
                <span className="num">{typeof behind === 'number' ? ageWords(behind) : ''}</span>
              </Fragment>
            ))}
          </div>
        )}
      </div>
      {troubleOf(source) && <p className="insp st-fail">{troubleOf(source)}</p>}
    </>
  );
}

function troubleOf(source: StreamSource | null | undefined): string | null {
  const trouble = source?.trouble;
  return typeof trouble === 'object' && trouble ? trouble.message : (trouble ?? null);
}
