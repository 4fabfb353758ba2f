'use client';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';
import { Begin } from '#components/home/begin.tsx';
import { Overview, type OverviewGiven } from '#components/home/overview.tsx';
import { ProjectFrame } from './project-frame.tsx';

interface Given {
  frame: ComponentProps<typeof ProjectFrame>['frame'];
  overview: Omit<OverviewGiven, 'project' | 'clock' | 'mayEdit'>;
  clock: OverviewGiven['clock'];
  mayEdit: boolean;
}

export function HomePage({ frame, overview, clock, mayEdit }: Given) {
  const router = useRouter();
  const { notebooks, datasets, jobs } = overview.counts;
  return (
    <ProjectFrame frame={frame} mayEdit={mayEdit} crumbs={[{ label: frame.project.name }]}>
      {({ chooseFile, newNotebook }) =>
        notebooks + datasets + jobs === 0 ? (
          <Begin
            name={frame.project.name}
            mayEdit={mayEdit}
            onUpload={chooseFile}
            onNotebook={newNotebook}
            onInvite={() => router.push(`/projects/${frame.project.id}/people`)}
          />
        ) : (
          <Overview {...overview} project={frame.project} clock={clock} mayEdit={mayEdit} />
        )
      }
    </ProjectFrame>
  );
}
