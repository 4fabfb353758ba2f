import { memo } from 'react';
import { utc, type Entry } from '#lib/client/stream/tail.ts';
import { formatText } from '#lib/table/format.ts';
import { kindOf } from '#lib/table/kind.ts';
import { Mark } from '#components/parts/mark.tsx';
import { date, whole } from '#components/parts/words.ts';

interface Given {
  entry: Entry;
  columns: readonly { name: string; type: string }[];
  eventTime: string;
  zone: string;
  /** ms */
  now: number;
}

/** One event; a dead letter stands where it came, with the reason under it. An entry never changes. */
export const TailRow = memo(
  function TailRow({ entry, columns, eventTime, zone, now }: Given) {
    if (entry.kind === 'dead')
      return <DeadRow entry={entry} columns={columns} eventTime={eventTime} zone={zone} now={now} />;
    return (
      <tr>
        <td />
        {columns.map(({ name, type }) => (
          <td key={name} className={kindOf(type) === 'number' ? 'num' : undefined}>
            <Value value={entry.values[name]} type={type} time={name === eventTime ? { zone, now } : null} />
          </td>
        ))}
        <td className="num">{whole(BigInt(String(entry.values['_offset'])))}</td>
      </tr>
    );
  },
  (a, b) => a.entry === b.entry && a.zone === b.zone && a.columns.length === b.columns.length,
);

function DeadRow({ entry, columns, eventTime, zone, now }: Given & { entry: Extract<Entry, { kind: 'dead' }> }) {
  const { values, field } = entry;
  return (
    <>
      <tr className="dead">
        <td>
          <Mark state="failed" label="dead letter" />
        </td>
        {values ? (
          columns.map(({ name, type }) => (
            <td key={name} className={classes(kindOf(type) === 'number' && 'num', name === field && 'st-fail')}>
              {name === field ? (
                (JSON.stringify(values[name]) ?? <i className="null">missing</i>)
              ) : (
                <Value value={values[name]} type={type} time={name === eventTime ? { zone, now } : null} />
              )}
            </td>
          ))
        ) : (
          <td colSpan={columns.length} className="st-fail cut" title={entry.raw}>
            {entry.raw.slice(0, 200)}
          </td>
        )}
        <td className="num">dead letter</td>
      </tr>
      <tr className="dead why">
        <td />
        <td colSpan={columns.length + 1}>
          <span>{entry.reason}</span>
        </td>
      </tr>
    </>
  );
}

function classes(...names: (string | false)[]): string | undefined {
  return names.filter(Boolean).join(' ') || undefined;
}

function Value({ value, type, time }: { value: unknown; type: string; time: { zone: string; now: number } | null }) {
  if (value === null || value === undefined) return <i className="null">null</i>;
  if (value === '') return <i className="null">""</i>;
  const at = time && utc(value);
  if (time && at !== null) return <time dateTime={new Date(at).toISOString()}>{exactTime(at, time)}</time>;
  if (typeof value === 'object') return JSON.stringify(value);
  return formatText(String(value), type);
}

/** `14:01:52.214` today, with the day before it otherwise. */
export function exactTime(at: number, { zone, now }: { zone: string; now: number }): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }).format(at);
  const day = date(new Date(at), zone);
  return day === date(new Date(now), zone) ? time : `${day} ${time}`;
}
