import Link from 'next/link';
import { Empty } from '#components/parts/empty.tsx';
import { Kbd } from '#components/parts/kbd.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { count } from '#components/parts/words.ts';
import { DatasetTable, type DatasetLine } from './datasets.tsx';
import { JobTable, type JobLine } from './jobs.tsx';
import { NotebookTable, type Clock, type NotebookLine } from './notebooks.tsx';
import { WaitingTable, type WaitingLine } from './waiting.tsx';

export interface OverviewGiven {
  project: { id: string; name: string };
  counts: { notebooks: number; datasets: number; jobs: number; people: number };
  notebooks: NotebookLine[];
  datasets: DatasetLine[];
  jobs: JobLine[];
  waiting: WaitingLine[];
  clock: Clock;
  mayEdit: boolean;
}

/** The home of a project that has something in it. */
export function Overview(given: OverviewGiven) {
  const { project, counts, clock } = given;
  const holds = [
    count(counts.notebooks, 'notebook'),
    count(counts.datasets, 'dataset'),
    count(counts.jobs, 'job'),
    count(counts.people, 'person', 'people'),
  ];
  return (
    <>
      <PageHead title={project.name} clause={holds.join(', ')} />
      <div className="homegrid">
        <div>
          <Notebooks {...given} />
          <Jobs {...given} />
        </div>
        <div>
          <Datasets {...given} />
          {given.waiting.length > 0 && (
            <Section title="Waiting for someone" clause="a query that asks to become a job">
              <WaitingTable waiting={given.waiting} clock={clock} />
            </Section>
          )}
        </div>
      </div>
    </>
  );
}

function All({ shown, of, href }: { shown: number; of: number; href: string }) {
  return shown < of ? (
    <Link className="link" href={href}>
      All {of}
    </Link>
  ) : null;
}

function Notebooks({ project, counts, notebooks, clock, mayEdit }: OverviewGiven) {
  const all = <All shown={notebooks.length} of={counts.notebooks} href={`/projects/${project.id}/notebooks`} />;
  return (
    <Section first title="Lately edited" clause="notebooks" right={all}>
      {notebooks.length ? <NotebookTable notebooks={notebooks} clock={clock} /> : <NoNotebook mayEdit={mayEdit} />}
    </Section>
  );
}

function Jobs({ project, counts, jobs, clock }: OverviewGiven) {
  const all = <All shown={jobs.length} of={counts.jobs} href={`/projects/${project.id}/jobs`} />;
  return (
    <Section title="Jobs" clause={jobs.length ? 'the last 21 windows of each' : undefined} right={all}>
      {jobs.length ? <JobTable jobs={jobs} clock={clock} /> : <NoJob />}
    </Section>
  );
}

export function NoNotebook({ mayEdit }: { mayEdit: boolean }) {
  return (
    <Empty title="No notebook yet">
      A notebook holds questions and their answers.{' '}
      {mayEdit ? (
        <span className="key-hint">
          Press <Kbd keys="n" /> to start one.
        </span>
      ) : (
        'Nobody has made one yet.'
      )}
    </Empty>
  );
}

export function NoJob() {
  return (
    <Empty title="No job yet">
      A job is a query you already trust, run on a schedule. Open a notebook, choose a SQL cell and promote it
      <span className="key-hint">
        {' '}
        with <Kbd keys="p" />
      </span>
      .
    </Empty>
  );
}

function Datasets({ project, counts, datasets, clock, mayEdit }: OverviewGiven) {
  const all = (
    <>
      <All shown={datasets.length} of={counts.datasets} href={`/projects/${project.id}/datasets`} />{' '}
      <Link className="link" href={`/projects/${project.id}/connections`}>
        Connections
      </Link>
    </>
  );
  return (
    <Section first title="Datasets" right={all}>
      {datasets.length ? <DatasetTable datasets={datasets} clock={clock} /> : <NoDataset mayEdit={mayEdit} />}
    </Section>
  );
}

export function NoDataset({ mayEdit }: { mayEdit: boolean }) {
  return (
    <Empty title="No dataset yet">
      Files people bring in and tables that jobs write appear here, ready for every notebook of the project.
      {mayEdit && (
        <>
          {' '}
          Drop a file on this page
          <span className="key-hint">
            , or press <Kbd keys="u" />
          </span>
          .
        </>
      )}
    </Empty>
  );
}
