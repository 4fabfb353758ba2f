'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Frame } from '#components/frame/frame.tsx';
import { NewProject } from '#components/home/new-project.tsx';
import { ProjectTable, type ProjectLine } from '#components/home/projects.tsx';
import type { Person } from '#components/parts/avatar.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { count } from '#components/parts/words.ts';
import { call } from '#lib/client/call.ts';

export function ProjectsPage({ me, projects }: { me: Person; projects: ProjectLine[] }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const make = async (name: string, timeZone: string) => {
    setBusy(true);
    const answer = await call<{ id: string }>('POST', '/api/projects', { name, timeZone });
    setProblem(answer.ok ? null : answer.problem.detail);
    setBusy(answer.ok);
    if (answer.ok) router.push(`/projects/${answer.value.id}`);
  };
  return (
    <Frame me={me} at="projects" crumbs={[{ label: 'Projects' }]}>
      <PageHead
        title="Projects"
        clause={`${count(projects.length, 'project')} you are in`}
        lead="A project is a business area: its notebooks, its data, its jobs and the people who may see them."
      />
      {projects.length > 0 && (
        <Section title="Yours">
          <ProjectTable projects={projects} />
        </Section>
      )}
      <Section title="New project" clause="you will own it">
        <NewProject busy={busy} problem={problem} onMake={(name, zone) => void make(name, zone)} />
      </Section>
    </Frame>
  );
}
