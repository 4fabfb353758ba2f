'use client';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { ConnectionTable, NoConnection } from '#components/connection/list.tsx';
import { useCommands, type Command } from '#components/frame/commands.ts';
import { Frame } from '#components/frame/frame.tsx';
import { Button } from '#components/parts/button.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { count } from '#components/parts/words.ts';
import type { ConnectionEntry } from '#lib/connection/view.ts';
import type { ConnectionFrame } from './crumbs.ts';

interface Given {
  frame: ConnectionFrame;
  connections: ConnectionEntry[];
  mayManage: boolean;
}

const noCommands: Command[] = [];

export function ConnectionsPage({ frame, connections, mayManage }: Given) {
  const { project } = frame;
  const router = useRouter();
  const href = `/projects/${project.id}/connections/new`;
  const commands = useMemo<Command[]>(
    () => [
      { id: 'connect', group: 'Do', label: 'Connect a Trino cluster', icon: 'plus', keys: 'c', bound: true, href },
    ],
    [href],
  );
  useCommands(mayManage ? commands : noCommands);
  const crumbs = [{ label: project.name, href: `/projects/${project.id}` }, { label: 'Connections' }];
  const acts = mayManage && (
    <Button kind="main" size="small" icon="plus" keys="c" onClick={() => router.push(href)}>
      New connection
    </Button>
  );
  return (
    <Frame {...frame} crumbs={crumbs} acts={acts} look="page wide-page">
      <PageHead title="Connections" clause={count(connections.length, 'connection')} />
      <Section title="Trino clusters" clause="where SQL cells and jobs may run">
        {connections.length > 0 ? (
          <ConnectionTable projectId={project.id} connections={connections} />
        ) : (
          <NoConnection projectId={project.id} mayManage={mayManage} />
        )}
      </Section>
    </Frame>
  );
}
