/** What a column's values look like, ready to be drawn. */
export interface ColumnShape {
  /** Heights of the bars, 0 to 1; empty when `parts` are drawn. */
  bars: number[];
  /** Shares of few distinct values, 0 to 1, largest first. */
  parts: number[];
  /** Height of the hollow bar of nulls, 0 to 1. */
  nulls: number;
  /** Under the drawing, left and right: its range, or how many distinct. */
  from: string;
  to: string;
}

/** The histogram under a head, or parts for few values; nulls as a hollow bar at the end. Its place is kept while unknown. */
export function Profile({ profile }: { profile: ColumnShape | null }) {
  return (
    <>
      <svg className="prof" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
        {profile && (profile.bars.length > 0 ? <Bars profile={profile} /> : <Parts parts={profile.parts} />)}
      </svg>
      <span className="rg">
        <span>{profile?.from}</span>
        <span>{profile?.to}</span>
      </span>
    </>
  );
}

function Bars({ profile: { bars, nulls } }: { profile: ColumnShape }) {
  const step = 100 / (bars.length + (nulls > 0 ? 1 : 0));
  return (
    <>
      {bars.map((height, index) =>
        height > 0 ? (
          <rect key={index} x={index * step} y={20 - bar(height)} width={step * 0.86} height={bar(height)} />
        ) : null,
      )}
      {nulls > 0 && (
        <rect className="nul" x={bars.length * step} y={20 - bar(nulls)} width={step * 0.86} height={bar(nulls)} />
      )}
    </>
  );
}

function Parts({ parts }: { parts: number[] }) {
  let x = 0;
  return parts.map((part, index) => {
    const from = x;
    x += part * 100;
    return (
      <rect
        key={index}
        className={`c${Math.min(index, 3)}`}
        x={from}
        y="11"
        width={Math.max(0.4, part * 100 - 0.8)}
        height="9"
      />
    );
  });
}

function bar(height: number): number {
  return Math.max(1.5, height * 20);
}
