import type { Replay } from '#lib/job/evidence.ts';
import type { PromotionSpec } from '#lib/job/spec.ts';
import type { MarkState } from '#components/parts/mark.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { clock, day, took, whole } from '#components/parts/words.ts';
import { Compared, Line, Verdict } from './compared.tsx';

const verdicts: Record<Replay['state'], { mark: MarkState; says: string }> = {
  equal: { mark: 'good', says: 'As events come and in batch: nothing differs.' },
  differs: { mark: 'warned', says: 'As events come and in batch: the results differ.' },
  absent: { mark: 'idle', says: 'Not replayed.' },
  failed: { mark: 'failed', says: 'The replay failed.' },
};

/** The proof of a real-time job: kept events went through it as they once came, and gave what the same text gives at once. */
export function ReplayFound({ replay, spec }: { replay: Replay; spec: PromotionSpec }) {
  const { mark, says } = verdicts[replay.state];
  const isTumbling = spec.realtime?.kind === 'tumbling';
  return (
    <div className="replayed">
      <h3>
        Same as in batch? <small>kept events, replayed through the job by key</small>
      </h3>
      <div className="two-col">
        <div>
          <Verdict mark={mark} says={says} why={replay.why} />
          {replay.events > 0 && (
            <DataTable label="Replay">
              <Line label="Events replayed" value={whole(replay.events)} />
              <Line
                label={isTumbling ? 'Windows answered' : 'Batches they were cut into'}
                value={whole(replay.pieces)}
              />
              {isTumbling && <Line label="Events that came late" value={whole(replay.late)} />}
              {replay.failing > 0 && <Line label="Events it fails for, left out" value={whole(replay.failing)} />}
              {replay.from && replay.to && (
                <Line
                  label="Of the times"
                  value={`${moment(replay.from, spec.timeZone)} to ${moment(replay.to, spec.timeZone)}`}
                />
              )}
              {replay.took !== null && <Line label="Took" value={tookText(replay.took)} />}
            </DataTable>
          )}
        </div>
        <div>
          {replay.comparison && (
            <Compared found={replay.comparison} label="Replay compared with batch" sides={['replay', 'batch']} />
          )}
        </div>
      </div>
    </div>
  );
}

function moment(at: string, zone: string): string {
  return `${day(at, zone)} ${clock(at, zone, true)}`;
}

function tookText(ms: number): string {
  const { value, unit } = took(ms);
  return `${value} ${unit}`;
}
