import Link from 'next/link';
import { DataTable } from '#components/parts/table.tsx';
import { when } from '#components/parts/words.ts';
import type { Clock } from './notebooks.tsx';

export interface WaitingLine {
  id: string;
  target: string;
  version: number;
  createdBy: { id: string; name: string };
  submittedAt: string | null;
}

/** Promotions that someone has to decide about. */
export function WaitingTable({ waiting, clock }: { waiting: WaitingLine[]; clock: Clock }) {
  return (
    <DataTable label="Waiting for a decision">
      {waiting.map((promotion) => (
        <tr key={promotion.id}>
          <td>
            <Link className="link" href={`/promotions/${promotion.id}`}>
              {promotion.target}, version {promotion.version}
            </Link>
          </td>
          <td className="sec">by {promotion.createdBy.name}</td>
          <td className="num sec">{promotion.submittedAt && when(promotion.submittedAt, clock.now, clock.zone)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
