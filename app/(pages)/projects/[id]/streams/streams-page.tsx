'use client';
import { useMemo } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import { Frame, type FrameGiven } from '#components/frame/frame.tsx';
import { Button } from '#components/parts/button.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { count } from '#components/parts/words.ts';
import { NoStream, StreamTable } from '#components/stream/list.tsx';
import { NewStream } from '#components/stream/new-stream.tsx';
import { Way, simulated } from '#components/stream/push.tsx';
import { useOrigin } from '#components/stream/use-origin.ts';
import type { StreamView } from '#lib/client/api/streams.ts';
import { useNewStream, useStreams } from './use-streams.ts';

interface Given {
  frame: Pick<FrameGiven, 'me' | 'at' | 'waiting'> & { project: { id: string; name: string }; zone: string };
  first: StreamView[];
  now: string;
  mayEdit: boolean;
  /** Make a stream that fetches its events. */
  mayOwn: boolean;
}

export function StreamsPage({ frame, first, now: loadedAt, mayEdit, mayOwn }: Given) {
  const { project, zone } = frame;
  const { streams, now, problem } = useStreams(project.id, first, loadedAt);
  const making = useNewStream(project.id);
  const { open } = making;
  const origin = useOrigin();
  useCommands(useMemo(() => (mayEdit ? [makeCommand(open)] : []), [mayEdit, open]));
  const crumbs = [{ label: project.name, href: `/projects/${project.id}` }, { label: 'Streams' }];
  const acts = mayEdit && (
    <Button kind="main" size="small" icon="plus" keys="m" onClick={open}>
      Make a stream
    </Button>
  );
  return (
    <Frame {...frame} crumbs={crumbs} acts={acts} look="page wide-page">
      <PageHead
        title="Streams"
        clause={count(streams.length, 'stream')}
        lead="Events as they happen, kept in their order, read by their stream’s name."
      />
      {problem && <Notice state="failed">{problem}</Notice>}
      <Section title={`In ${project.name}`} clause={streams.length > 0 ? 'as they are now' : undefined}>
        {streams.length > 0 ? (
          <StreamTable streams={streams} now={now} zone={zone} />
        ) : (
          <>
            <NoStream mayEdit={mayEdit} />
            {mayEdit && (
              <div className="push-ways first-way">
                <Way
                  {...simulated(origin, `${project.name}/shop_events`)}
                  clause="makes a stream of its own; in Lodestar’s folder, with a token of Settings as LODESTAR_TOKEN"
                />
              </div>
            )}
          </>
        )}
      </Section>
      {making.isOpen && (
        <NewStream
          mayOwn={mayOwn}
          busy={making.busy}
          problem={making.problem}
          onMake={making.make}
          onClose={making.close}
        />
      )}
    </Frame>
  );
}

function makeCommand(run: () => void): Command {
  return { id: 'make-stream', group: 'Do', label: 'Make a stream', icon: 'plus', keys: 'm', bound: true, run };
}
