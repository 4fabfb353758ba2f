import { Bars, Share } from '#components/parts/bars.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { whole } from '#components/parts/words.ts';

/** As lib/telemetry sums it. */
export interface ChartUse {
  shown: number;
  edited: number;
  people: number;
  grouped: number;
  sorted: number;
  titled: number;
  types: { type: string; shown: number; edited: number }[];
  notebooks: { id: string; charts: number; people: number }[];
  who: { userId: string; charts: number; mostly: string }[];
}

const typeWords: Record<string, string> = { heat: 'heat map', box: 'box plot', number: 'big number' };
export const typeName = (type: string) => typeWords[type] ?? type;

/** Which charts are drawn, and with what switched on. */
export function ChartTypes({ charts }: { charts: ChartUse }) {
  const all = charts.shown + charts.edited;
  return (
    <div className="ch2">
      <Bars
        label="Charts by type"
        bars={charts.types.map((each) => ({ label: typeName(each.type), value: each.shown + each.edited }))}
      />
      <div className="share">
        <Share label="Grouped by colour" part={charts.grouped} of={all} />
        <Share label="Sorted" part={charts.sorted} of={all} />
        <Share label="With a title" part={charts.titled} of={all} />
        <Share label="Edited, the others shown" part={charts.edited} of={all} />
      </div>
    </div>
  );
}

const most = 8;

export function ChartPeople({ charts, names }: { charts: ChartUse; names: Record<string, string> }) {
  const [first, rest] = [charts.who.slice(0, most), charts.who.slice(most)];
  const head = (
    <>
      <th>who</th>
      <th className="num">charts</th>
      <th>mostly</th>
    </>
  );
  return (
    <DataTable label="Who uses charts" head={head}>
      {first.map((person) => (
        <tr key={person.userId}>
          <td>{names[person.userId] ?? 'someone who left'}</td>
          <td className="num">{whole(person.charts)}</td>
          <td className="sec">{typeName(person.mostly)}</td>
        </tr>
      ))}
      {rest.length > 0 && (
        <tr>
          <td className="sec">{rest.length} others</td>
          <td className="num">{whole(rest.reduce((sum, person) => sum + person.charts, 0))}</td>
          <td />
        </tr>
      )}
    </DataTable>
  );
}
