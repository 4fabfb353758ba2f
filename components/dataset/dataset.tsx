import Link from 'next/link';
import type { ReactNode } from 'react';
import { Fact, Facts } from '#components/parts/facts.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { clock, count, day, size, whole } from '#components/parts/words.ts';
import { ColumnTable, type ColumnFacts, type DatasetColumn } from './columns.tsx';
import { CoverageStrip, stateWords, type CoverageWindow } from './coverage.tsx';
import { RowsPreview, type RowsView } from './rows.tsx';

export interface DatasetGiven {
  dataset: {
    name: string;
    kind: string;
    description: string;
    columns: DatasetColumn[];
    rows: number;
    bytes: number;
    partitions: number;
    version: number;
    jobId: string | null;
    place: { connection: { id: string; name: string }; table: string } | null;
    updatedAt: string;
  };
  /** The job that writes it, when the page was made. */
  job: { id: string; name: string } | null;
  /** Of a job's output. */
  windows: { unit: string; each: string; zone: string; all: CoverageWindow[] } | null;
  zone: string;
  /** Undefined while they are read. */
  rows: RowsView | { problem: string } | undefined;
  facts: Record<string, ColumnFacts> | null;
  /** Changes the description. */
  edit: ReactNode;
}

const kinds: Record<string, string> = {
  upload: 'brought in as a file',
  sample: 'the sample',
  job: 'a job that was deleted',
  events: 'Lodestar, about its own use',
};

/** A dataset on one page: what it is, its columns, what of it stands, its first rows. */
export function Dataset(given: DatasetGiven) {
  const { dataset, windows, facts, zone, edit } = given;
  return (
    <>
      <PageHead
        title={dataset.name}
        clause={
          dataset.kind === 'events'
            ? 'as of now'
            : `as of ${day(dataset.updatedAt, zone)} ${clock(dataset.updatedAt, zone)}`
        }
        lead={
          <>
            {dataset.description || 'Nobody has said yet what one row of it is.'} {edit}
          </>
        }
      />
      <DatasetFacts {...given} />
      <Section
        title="Columns"
        clause={facts ? `${dataset.columns.length}, over all ${count(dataset.rows, 'row')}` : dataset.columns.length}
      >
        {dataset.columns.length ? (
          <ColumnTable columns={dataset.columns} facts={facts} />
        ) : (
          <p className="mut">It has no columns until its first rows are there.</p>
        )}
      </Section>
      {windows && windows.all.length > 0 && (
        <Section
          title="Coverage"
          clause={`${count(windows.all.length, 'window')}, ${windows.each}`}
          right={stateWords(windows.all)}
        >
          <CoverageStrip windows={windows.all} unit={windows.unit} zone={windows.zone} />
        </Section>
      )}
      <Section title="Rows" clause="the first, as they are stored">
        <Rows {...given} />
      </Section>
    </>
  );
}

function DatasetFacts({ dataset, job, zone }: DatasetGiven) {
  return (
    <Facts>
      <Fact label="Written by">
        {job && dataset.jobId ? (
          <Link className="link" href={`/jobs/${job.id}`}>
            the job {job.name}
          </Link>
        ) : (
          (kinds[dataset.kind] ?? dataset.kind)
        )}
      </Fact>
      {dataset.place && (
        <Fact label="Kept on" unit={dataset.place.connection.name}>
          <span className="mono">{dataset.place.table}</span>
        </Fact>
      )}
      {dataset.place && <Fact label="Partitioned by">window_start</Fact>}
      {dataset.kind === 'events' ? (
        <Fact label="Rows">read as they are noted</Fact>
      ) : (
        <Stored dataset={dataset} zone={zone} />
      )}
    </Facts>
  );
}

function Stored({ dataset, zone }: Pick<DatasetGiven, 'dataset' | 'zone'>) {
  const bytes = size(dataset.bytes);
  return (
    <>
      <Fact label="Rows">{whole(dataset.rows)}</Fact>
      <Fact label="Size" unit={`${bytes.unit} in ${count(dataset.partitions, dataset.place ? 'window' : 'file')}`}>
        {bytes.value}
      </Fact>
      <Fact label="Published" unit={dataset.version === 1 ? 'time' : 'times'}>
        {whole(dataset.version)}
      </Fact>
      <Fact label="Last">{`${day(dataset.updatedAt, zone)} ${clock(dataset.updatedAt, zone)}`}</Fact>
    </>
  );
}

/** The place of the rows is kept while they are read. */
function Rows({ rows, dataset, zone }: DatasetGiven) {
  if (rows === undefined)
    return (
      <p className="rows-wait mut" role="status">
        <span className="late">Reading the first rows</span>
      </p>
    );
  if ('problem' in rows) return <Notice state="failed">{rows.problem}</Notice>;
  return <RowsPreview rows={rows} total={dataset.kind === 'events' ? null : dataset.rows} zone={zone} />;
}
