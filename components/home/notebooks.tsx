import Link from 'next/link';
import { DataTable } from '#components/parts/table.tsx';
import { when, whole } from '#components/parts/words.ts';

export interface NotebookLine {
  id: string;
  title: string;
  owner: string;
  editedAt: string;
  editedBy: string | null;
  runs: number;
  people: number;
}

export interface Clock {
  /** When the page was made, ISO. */
  now: string;
  zone: string;
}

export function NotebookTable({ notebooks, clock }: { notebooks: NotebookLine[]; clock: Clock }) {
  const head = (
    <>
      <th>notebook</th>
      <th className="wide">owner</th>
      <th className="num wide">runs, 7 days</th>
      <th className="num wide">people, 7 days</th>
      <th className="wide">edited by</th>
      <th className="num">at</th>
    </>
  );
  return (
    <DataTable label="Notebooks" look="mid nbl" head={head}>
      {notebooks.map((notebook) => (
        <tr key={notebook.id}>
          <td className="wrap">
            <Link className="rowlink" href={`/notebooks/${notebook.id}`}>
              <b>{notebook.title || 'Untitled'}</b>
            </Link>
          </td>
          <td className="sec wide">{notebook.owner}</td>
          <td className="num wide">{whole(notebook.runs)}</td>
          <td className="num wide">{whole(notebook.people)}</td>
          <td className="sec wide">{notebook.editedBy}</td>
          <td className="num sec">{when(notebook.editedAt, clock.now, clock.zone)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
