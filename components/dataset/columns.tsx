import { kindOf } from '#lib/table/kind.ts';
import { Icon, type IconName } from '#components/parts/icon.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { whole } from '#components/parts/words.ts';

export interface DatasetColumn {
  name: string;
  type: string;
}

/** What a summary of all rows says of one column. */
export interface ColumnFacts {
  nulls: string;
  distinct: number;
  low: string | null;
  high: string | null;
}

const icons: Record<ReturnType<typeof kindOf>, IconName> = {
  number: 'hash',
  time: 'calendar',
  boolean: 'toggle-left',
  text: 'type',
  nested: 'braces',
};

export function TypeIcon({ type }: { type: string }) {
  if (/^decimal/i.test(type)) return <Icon name="decimals-arrow-right" />;
  return <Icon name={/^timestamp/i.test(type) ? icons.time : icons[kindOf(type)]} />;
}

/** Columns in their order; the facts come when they are known, and their place is kept. */
export function ColumnTable({
  columns,
  facts,
}: {
  columns: DatasetColumn[];
  facts: Record<string, ColumnFacts> | null;
}) {
  const head = (
    <>
      <th>column</th>
      <th>type</th>
      <th className="num wide">null</th>
      <th className="num wide">distinct, about</th>
      <th className="wide">from</th>
      <th className="wide">to</th>
    </>
  );
  return (
    <DataTable label="Columns" look="mid colf" head={head}>
      {columns.map((column) => (
        <tr key={column.name}>
          <td>
            <span className="cn">
              <TypeIcon type={column.type} />
              {column.name}
            </span>
          </td>
          <td className="mono mut">{column.type.toLowerCase()}</td>
          <FactCells facts={facts?.[column.name]} />
        </tr>
      ))}
    </DataTable>
  );
}

function FactCells({ facts }: { facts: ColumnFacts | undefined }) {
  return (
    <>
      <td className="num wide">{facts?.nulls}</td>
      <td className="num wide">{facts && whole(facts.distinct)}</td>
      <td className="mut wide cut">{facts?.low}</td>
      <td className="mut wide cut">{facts?.high}</td>
    </>
  );
}
