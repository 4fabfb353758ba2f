import Link from 'next/link';
import { Mark, type MarkState } from '#components/parts/mark.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { when } from '#components/parts/words.ts';
import type { Clock } from './notebooks.tsx';

export interface PromotionLine {
  id: string;
  target: string;
  version: number;
  state: string;
  createdBy: { name: string };
  createdAt: string;
  submittedAt: string | null;
  decidedBy: { name: string } | null;
  decidedAt: string | null;
}

const marks: Record<string, MarkState> = {
  draft: 'idle',
  submitted: 'queued',
  approved: 'good',
  rejected: 'failed',
  void: 'stale',
};
const words: Record<string, string> = {
  draft: 'not sent yet',
  submitted: 'waits for a decision',
  approved: 'approved',
  rejected: 'rejected',
  void: 'void: the query was changed since',
};

export function PromotionTable({ promotions, clock }: { promotions: PromotionLine[]; clock: Clock }) {
  const head = (
    <>
      <th>asks to become</th>
      <th className="num">version</th>
      <th>state</th>
      <th className="wide">by</th>
      <th className="wide">decided</th>
      <th className="num">since</th>
    </>
  );
  return (
    <DataTable label="Reviews" look="mid" head={head}>
      {promotions.map((promotion) => (
        <tr key={promotion.id}>
          <td>
            <Link className="rowlink mono" href={`/promotions/${promotion.id}`}>
              {promotion.target}
            </Link>
          </td>
          <td className="num">{promotion.version}</td>
          <td>
            <span className="st">
              <Mark state={marks[promotion.state] ?? 'idle'} label="" />
              {words[promotion.state] ?? promotion.state}
            </span>
          </td>
          <td className="sec wide">{promotion.createdBy.name}</td>
          <td className="sec wide">{promotion.decidedBy ? `by ${promotion.decidedBy.name}` : ''}</td>
          <td className="num sec">
            {when(promotion.decidedAt ?? promotion.submittedAt ?? promotion.createdAt, clock.now, clock.zone)}
          </td>
        </tr>
      ))}
    </DataTable>
  );
}
