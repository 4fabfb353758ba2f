'use client';
import type { ComponentProps } from 'react';
import { JobTable, type JobLine } from '#components/home/jobs.tsx';
import type { Clock } from '#components/home/notebooks.tsx';
import { NoJob } from '#components/home/overview.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { count } from '#components/parts/words.ts';
import { ProjectFrame } from '#app/(pages)/projects/[id]/project-frame.tsx';

interface Given {
  frame: ComponentProps<typeof ProjectFrame>['frame'];
  jobs: JobLine[];
  clock: Clock;
  mayEdit: boolean;
}

export function JobsPage({ frame, jobs, clock, mayEdit }: Given) {
  const crumbs = [{ label: frame.project.name, href: `/projects/${frame.project.id}` }, { label: 'Jobs' }];
  return (
    <ProjectFrame frame={frame} mayEdit={mayEdit} crumbs={crumbs}>
      {() => (
        <>
          <PageHead title="Jobs" clause={count(jobs.length, 'job')} />
          <Section title={`In ${frame.project.name}`} clause="with the last 21 windows of each">
            {jobs.length ? <JobTable jobs={jobs} clock={clock} /> : <NoJob />}
          </Section>
        </>
      )}
    </ProjectFrame>
  );
}
