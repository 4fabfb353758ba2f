'use client';
import Link from 'next/link';
import type { ComponentProps } from 'react';
import { DatasetTable, type DatasetLine } from '#components/home/datasets.tsx';
import type { Clock } from '#components/home/notebooks.tsx';
import { NoDataset } from '#components/home/overview.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { count } from '#components/parts/words.ts';
import { ProjectFrame } from '#app/(pages)/projects/[id]/project-frame.tsx';

interface Given {
  frame: ComponentProps<typeof ProjectFrame>['frame'];
  datasets: DatasetLine[];
  clock: Clock;
  mayEdit: boolean;
}

export function DatasetsPage({ frame, datasets, clock, mayEdit }: Given) {
  const crumbs = [{ label: frame.project.name, href: `/projects/${frame.project.id}` }, { label: 'Datasets' }];
  return (
    <ProjectFrame frame={frame} mayEdit={mayEdit} crumbs={crumbs}>
      {() => (
        <>
          <PageHead
            title="Datasets"
            clause={count(datasets.length, 'dataset')}
            lead={
              <>
                Tables of a Trino cluster stay where they are: see{' '}
                <Link className="link" href={`/projects/${frame.project.id}/connections`}>
                  Connections
                </Link>
                .
              </>
            }
          />
          <Section title={`In ${frame.project.name}`} clause="the last written first">
            {datasets.length ? (
              <DatasetTable datasets={datasets} clock={clock} full />
            ) : (
              <NoDataset mayEdit={mayEdit} />
            )}
          </Section>
        </>
      )}
    </ProjectFrame>
  );
}
