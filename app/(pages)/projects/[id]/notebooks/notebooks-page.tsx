'use client';
import type { ComponentProps } from 'react';
import { NotebookTable, type Clock, type NotebookLine } from '#components/home/notebooks.tsx';
import { NoNotebook } from '#components/home/overview.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { count } from '#components/parts/words.ts';
import { ProjectFrame } from '#app/(pages)/projects/[id]/project-frame.tsx';

interface Given {
  frame: ComponentProps<typeof ProjectFrame>['frame'];
  notebooks: NotebookLine[];
  clock: Clock;
  mayEdit: boolean;
}

export function NotebooksPage({ frame, notebooks, clock, mayEdit }: Given) {
  const crumbs = [{ label: frame.project.name, href: `/projects/${frame.project.id}` }, { label: 'Notebooks' }];
  return (
    <ProjectFrame frame={frame} mayEdit={mayEdit} crumbs={crumbs}>
      {() => (
        <>
          <PageHead title="Notebooks" clause={count(notebooks.length, 'notebook')} />
          <Section title={`In ${frame.project.name}`} clause="the last edited first">
            {notebooks.length ? (
              <NotebookTable notebooks={notebooks} clock={clock} />
            ) : (
              <NoNotebook mayEdit={mayEdit} />
            )}
          </Section>
        </>
      )}
    </ProjectFrame>
  );
}
