import { Button } from '#components/parts/button.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { date, when } from '#components/parts/words.ts';
import { agentWords } from './agent.ts';

export interface Session {
  id: string;
  kind: 'page' | 'script';
  agent: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  current: boolean;
}

interface Given {
  sessions: Session[];
  clock: { now: string; zone: string };
  onEnd(session: Session): void;
}

export function SessionTable({ sessions, clock, onEnd }: Given) {
  const head = (
    <>
      <th>from</th>
      <th className="wide">kind</th>
      <th className="wide">since</th>
      <th>last seen</th>
      <th className="wide">ends</th>
      <th>
        <span className="vh">end</span>
      </th>
    </>
  );
  return (
    <DataTable label="Where you are signed in" look="mid" head={head}>
      {sessions.map((session) => (
        <tr key={session.id}>
          <td className="wrap">{agentWords(session.agent)}</td>
          <td className="sec wide">{session.kind === 'page' ? 'pages' : 'script'}</td>
          <td className="sec wide">{date(session.createdAt, clock.zone)}</td>
          <td className="sec">{when(session.lastSeenAt, clock.now, clock.zone)}</td>
          <td className="sec wide">{date(session.expiresAt, clock.zone)}</td>
          <td className="num">
            {session.current ? (
              <span className="mut">this one</span>
            ) : (
              <Button kind="bare" size="small" onClick={() => onEnd(session)}>
                End
              </Button>
            )}
          </td>
        </tr>
      ))}
    </DataTable>
  );
}
