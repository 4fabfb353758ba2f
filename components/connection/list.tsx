import Link from 'next/link';
import { Empty } from '#components/parts/empty.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { Mark } from '#components/parts/mark.tsx';
import type { ConnectionEntry } from '#lib/connection/view.ts';

/** The clusters of a project, with where they begin and whether one's own cells can run there. */
export function ConnectionTable({ projectId, connections }: { projectId: string; connections: ConnectionEntry[] }) {
  const head = (
    <>
      <th>connection</th>
      <th>begins in</th>
      <th className="wide">jobs may write</th>
      <th>for you</th>
    </>
  );
  return (
    <DataTable label="Connections" look="mid" head={head}>
      {connections.map((each) => (
        <tr key={each.id}>
          <td>
            <Link className="rowlink mono" href={`/projects/${projectId}/connections/${each.id}`}>
              {each.name}
            </Link>
          </td>
          <td className="sec mono">{placeOf(each)}</td>
          <td className="sec mono wide">{each.writes || '–'}</td>
          <td>
            {each.ready ? (
              <span className="sec">ready</span>
            ) : (
              <span className="st-warn">
                <Mark state="warned" label="" /> needs your account
              </span>
            )}
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

function placeOf({ catalog, schema }: ConnectionEntry): string {
  return [catalog, schema].filter(Boolean).join('.') || '–';
}

export function NoConnection({ projectId, mayManage }: { projectId: string; mayManage: boolean }) {
  return (
    <Empty
      title="No connection yet"
      steps={
        mayManage
          ? [
              {
                icon: 'plus',
                label: 'Connect a Trino cluster',
                keys: 'c',
                href: `/projects/${projectId}/connections/new`,
              },
            ]
          : []
      }
    >
      A connection points SQL cells at a Trino cluster: the same grid, the same promotion, over tables that stay where
      they are. {!mayManage && 'An owner of the project makes them.'}
    </Empty>
  );
}
