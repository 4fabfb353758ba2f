import Link from 'next/link';
import type { StreamReader } from '#lib/stream/view.ts';
import { Mark } from '#components/parts/mark.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { whole } from '#components/parts/words.ts';
import { ageWords, kindWords } from './words.ts';

/** The real-time jobs on the stream. */
export function Readers({ readers }: { readers: StreamReader[] | null }) {
  const head = (
    <>
      <th>reader</th>
      <th>kind</th>
      <th className="num">waiting</th>
      <th className="num">behind</th>
    </>
  );
  return (
    <>
      <h3>
        Who reads it <small>each with its own place in the log</small>
      </h3>
      {!readers?.length ? (
        <p className="mut">
          {readers
            ? 'No real-time job yet. Promote a cell that reads it, and its answer follows the events.'
            : 'Being looked up.'}
        </p>
      ) : (
        <DataTable label="Who reads it" head={head}>
          {readers.map((reader) => (
            <tr key={reader.jobId}>
              <td>
                <span className="st">
                  <Mark state={stateOf(reader)} progress={0.88} label={reader.trouble ? 'in trouble' : reader.state} />
                  <Link className="rowlink mono" href={`/jobs/${reader.jobId}`}>
                    {reader.name}
                  </Link>
                </span>
              </td>
              <td className="sec" title={reader.trouble ?? undefined}>
                {kindWords(reader)}
                {reader.state !== 'active' && `, ${reader.state}`}
              </td>
              <td className="num">{whole(reader.waiting)}</td>
              <td className="num">{reader.behind === null ? '' : ageWords(reader.behind)}</td>
            </tr>
          ))}
        </DataTable>
      )}
    </>
  );
}

function stateOf({ state, trouble }: StreamReader) {
  if (trouble) return 'failed' as const;
  return state === 'active' ? ('running' as const) : ('idle' as const);
}
