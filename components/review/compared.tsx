import type { Comparison } from '#lib/job/parity.ts';
import { Mark, type MarkState } from '#components/parts/mark.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { whole } from '#components/parts/words.ts';

/** What a comparison or a trial came to, and why. */
export function Verdict({ mark, says, why }: { mark: MarkState; says: string; why?: string }) {
  return (
    <div className={mark === 'good' ? 'verdict' : 'verdict other'}>
      <Mark state={mark} label="" />
      <b>{says}</b>
      {why && <span>{why}</span>}
    </div>
  );
}

/** Two results matched by key, and where they differ; `sides` name them. */
export function Compared({ found, label, sides }: { found: Comparison; label: string; sides: [string, string] }) {
  const columns = [...found.columns.onlyInA, ...found.columns.onlyInB];
  const [a, b] = sides;
  return (
    <DataTable label={label}>
      <Line label="Matched by" value={found.matchedBy.join(', ')} mono />
      <Line label={`Rows in the ${a}, in the ${b}`} value={`${whole(found.rows[0])}, ${whole(found.rows[1])}`} />
      <Line label="Only in one of them" value={whole(found.onlyInA + found.onlyInB)} />
      <Line label="Rows compared, differing" value={`${whole(found.compared)}, ${whole(found.differing)}`} />
      {columns.length > 0 && <Line label="Columns in only one of them" value={columns.join(', ')} mono />}
      {found.samples.slice(0, 5).map((sample, index) => (
        <Line
          key={index}
          label={`${sample.key.map(shown).join(', ')}: ${sample.column}`}
          value={`${shown(sample.a)} in the ${a}, ${shown(sample.b)} in the ${b}`}
        />
      ))}
    </DataTable>
  );
}

export function Line({ label, value, mono }: { label: string; value: string; mono?: boolean }) {
  return (
    <tr>
      <td className="wrap">{label}</td>
      <td className={mono ? 'num mono wrap' : 'num wrap'}>{value}</td>
    </tr>
  );
}

function shown(value: string | null): string {
  return value === null ? 'null' : value === '' ? '""' : value;
}
