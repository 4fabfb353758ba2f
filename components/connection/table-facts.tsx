'use client';
import { useEffect, useState, type ReactNode } from 'react';
import { kindOf } from '#components/grid/data.ts';
import { columnIcons } from '#components/grid/head.tsx';
import { Button } from '#components/parts/button.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { IconButton } from '#components/parts/icon-button.tsx';
import { clock, count, date, size, whole } from '#components/parts/words.ts';
import type { SampleRows } from '#lib/client/api/connections.ts';
import { keyOf } from '#lib/client/catalogue.ts';
import type { CatalogueTable, TableDetail } from '#lib/connection/view.ts';
import { tableName } from './tree.ts';
import { useCatalogue } from './use-catalogue.ts';

interface Given {
  /** The connection's id. */
  connection: string;
  table: CatalogueTable;
  zone: string;
  /** The columns stand elsewhere already. */
  brief?: boolean;
  /** What can be done with it. */
  acts?: ReactNode;
}

/** What a cluster knows of one table, and some of its rows. */
export function TableFacts({ connection, table, zone, brief, acts }: Given) {
  const { catalogue, parts } = useCatalogue(connection);
  const path = [table.catalog, table.schema, table.name];
  const key = keyOf(path);
  useEffect(() => void catalogue.need(JSON.parse(key) as string[]), [catalogue, key]);
  const part = parts.get(key);
  const detail = part?.state === 'here' ? part.table : null;
  return (
    <>
      <div className="insp">
        <h2 className="mono">
          {tableName(path)}
          <span>
            <IconButton
              icon="refresh-cw"
              label="Read this table again"
              onClick={() => void catalogue.need(path, true)}
            />
          </span>
        </h2>
        {detail?.comment && <p className="sec quote">{detail.comment}</p>}
        {part?.state === 'failed' && <p className="st-warn">{part.words}</p>}
        {detail ? <Numbers detail={detail} zone={zone} /> : part?.state !== 'failed' && <p className="mut">Reading</p>}
        {acts && <div className="table-acts">{acts}</div>}
      </div>
      {detail && !brief && <Columns detail={detail} />}
      <Sample key={key} connection={connection} table={table} />
    </>
  );
}

function Numbers({ detail, zone }: { detail: TableDetail; zone: string }) {
  const known = detail.statistics.length;
  const { value, unit } = size(detail.bytes ?? 0);
  return (
    <dl className="kv">
      <dt>Rows</dt>
      <dd>
        {detail.rows === null ? 'not known' : whole(detail.rows)}{' '}
        {detail.snapshotAt && (
          <span className="mut">
            snapshot {clock(detail.snapshotAt, zone)}, {date(detail.snapshotAt, zone)}
          </span>
        )}
      </dd>
      <dt>Size</dt>
      <dd>
        {detail.bytes === null ? 'not known' : `${value} ${unit}`}
        {detail.files !== null && ` in ${count(detail.files, 'file')}`}
      </dd>
      <dt>Parted by</dt>
      <dd className="mono">{detail.partitioning.length > 0 ? detail.partitioning.join(', ') : 'nothing'}</dd>
      <dt>Statistics</dt>
      <dd>{known === 0 ? 'none' : known === detail.columns.length ? 'all columns' : count(known, 'column')}</dd>
      <dt>Read</dt>
      <dd>{clock(detail.readAt, zone, true)}</dd>
    </dl>
  );
}

function Columns({ detail }: { detail: TableDetail }) {
  const known = new Map(detail.statistics.map((each) => [each.column, each]));
  return (
    <div className="insp">
      <h2>
        Columns <span>{detail.columns.length}</span>
      </h2>
      <ul className="tree cols flush">
        {detail.columns.map((column) => (
          <li key={column.name} title={saidOf(column.comment, known.get(column.name))}>
            <Icon name={columnIcons[kindOf(column.type)]} size="small" />
            <span className="t">{column.name}</span>
            <span className="r ty ell">{column.type}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function saidOf(comment: string, statistics: TableDetail['statistics'][number] | undefined): string | undefined {
  const { nulls, distinct, low, high } = statistics ?? {};
  const parts = [
    comment,
    low && high ? `${low} to ${high}` : '',
    distinct ? `about ${whole(Math.round(distinct))} distinct` : '',
    nulls ? `${(nulls * 100).toFixed(1)} % null` : '',
  ];
  return parts.filter(Boolean).join('; ') || undefined;
}

/** Asked for, never by itself: it runs a query. */
function Sample({ connection, table }: Pick<Given, 'connection' | 'table'>) {
  const { catalogue } = useCatalogue(connection);
  const [rows, setRows] = useState<SampleRows | null>(null);
  const [said, setSaid] = useState('');
  const read = async () => {
    setSaid('Reading');
    const answer = await catalogue.sample(table);
    setSaid(answer.ok ? '' : answer.problem.detail);
    if (answer.ok) setRows(answer.value);
  };
  return (
    <div className="insp sample">
      <h2>Sample {rows && <span>{count(rows.rows.length, 'row')}, not in order</span>}</h2>
      {said && <p className={said === 'Reading' ? 'mut' : 'st-warn'}>{said}</p>}
      {!rows && said !== 'Reading' && (
        <Button size="small" icon="table-2" onClick={() => void read()}>
          Read 20 rows
        </Button>
      )}
      {rows && <SampleTable rows={rows} label={`Sample of ${table.name}`} />}
    </div>
  );
}

function SampleTable({ rows: { columns, rows }, label }: { rows: SampleRows; label: string }) {
  const isNumber = columns.map((column) => ['integer', 'decimal', 'number'].includes(kindOf(column.type)));
  return (
    <div className="sample-rows" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column.name} className={isNumber[index] ? 'num' : undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((value, index) => (
                <td key={index} className={isNumber[index] ? 'num' : undefined}>
                  {value === null ? (
                    <i className="null">null</i>
                  ) : typeof value === 'object' ? (
                    JSON.stringify(value)
                  ) : (
                    String(value)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
