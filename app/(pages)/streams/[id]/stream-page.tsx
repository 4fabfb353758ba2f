'use client';
import { useState } from 'react';
import { Describe } from '#components/dataset/describe.tsx';
import { Frame, type FrameGiven } from '#components/frame/frame.tsx';
import { crumbsIn } from '#components/frame/places.ts';
import { useFrame } from '#components/frame/use-layout.ts';
import { Button } from '#components/parts/button.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { count } from '#components/parts/words.ts';
import { DeleteStream } from '#components/stream/delete-stream.tsx';
import { standingMarks } from '#components/stream/list.tsx';
import { StreamPanel, type StreamTab } from '#components/stream/panel.tsx';
import { Stream } from '#components/stream/stream.tsx';
import { newestWords, rateWords, standingOf } from '#components/stream/words.ts';
import type { StreamView } from '#lib/client/api/streams.ts';
import type { Watched, WatchParts } from '#lib/client/stream/watch.ts';
import type { RealTimeState } from '#app/(pages)/jobs/[id]/use-real-time.ts';
import { StreamJob } from './stream-job.tsx';
import { useStreamActs, useWatch } from './use-stream.ts';

interface Given {
  frame: Pick<FrameGiven, 'me' | 'at' | 'waiting'> & { project: { id: string; name: string }; zone: string };
  first: WatchParts['first'];
  /** The job on it that is shown. */
  job: RealTimeState | null;
  mayEdit: boolean;
  /** Delete it, and say how long its events are kept. */
  mayLetGo: boolean;
}

export function StreamPage({ frame, first, job, mayEdit, mayLetGo }: Given) {
  const { watch, watched } = useWatch(first);
  const { view } = watched;
  const { acts, tail, busy, problem, forget } = useStreamActs(view, watch, mayEdit);
  const [tab, setTab] = useState<StreamTab>(first.view.lastReceivedAt ? 'settings' : 'push');
  const [deleting, setDeleting] = useState(false);
  const { project, zone } = frame;
  const comes = howItComes(view);
  return (
    <Frame
      {...frame}
      crumbs={crumbsIn(project, 'streams', view.name)}
      acts={<Acts onQuery={mayEdit ? acts.query : null} busy={busy} comes={comes} onTab={setTab} />}
      panel={
        <StreamPanel
          view={view}
          project={project}
          tab={tab}
          onTab={setTab}
          mayEdit={mayEdit}
          mayLetGo={mayLetGo}
          busy={busy}
          onSave={acts.change}
          onDelete={() => {
            forget();
            setDeleting(true);
          }}
        />
      }
      panelLabel="Stream"
      sheet={<Sheet comes={comes} onTab={setTab} />}
      status={<Status watched={watched} />}
    >
      {problem && !deleting && <Notice state="failed">{problem}</Notice>}
      <Stream
        watched={watched}
        project={project}
        zone={zone}
        acts={tail}
        job={watched.readers && <StreamJob readers={watched.readers} first={job} zone={zone} />}
        edit={
          mayEdit && <Describe description={view.description} onSave={(description) => acts.change({ description })} />
        }
      />
      {deleting && (
        <DeleteStream
          view={view}
          readers={watched.readers?.length ?? 0}
          busy={busy}
          problem={problem}
          onDelete={acts.remove}
          onClose={() => setDeleting(false)}
        />
      )}
    </Frame>
  );
}

/** Which tab of the panel says how events come in; null for the workbench's own. */
type Comes = 'push' | 'parts' | null;

function howItComes({ source, origin }: StreamView): Comes {
  if (origin === 'telemetry') return null;
  return source ? 'parts' : 'push';
}

interface ActsGiven {
  onQuery: (() => void) | null;
  busy: boolean;
  comes: Comes;
  onTab(tab: StreamTab): void;
}

function Acts({ onQuery, busy, comes, onTab }: ActsGiven) {
  const { showPanel } = useFrame();
  const how = () => {
    onTab('push');
    showPanel();
  };
  return (
    <>
      {comes === 'push' && (
        <Button kind="bare" size="small" icon="code-xml" className="wide" onClick={how}>
          How to push
        </Button>
      )}
      {onQuery && (
        <Button kind="main" size="small" icon="notebook-text" keys="q" disabled={busy} onClick={onQuery}>
          <span>
            Query<span className="wide"> the last 15 min</span>
          </span>
        </Button>
      )}
    </>
  );
}

/** Where the panel has no room beside the page. */
function Sheet({ comes, onTab }: Pick<ActsGiven, 'comes' | 'onTab'>) {
  const { showPanel } = useFrame();
  const show = (tab: StreamTab) => () => {
    onTab(tab);
    showPanel();
  };
  return (
    <>
      {comes && <Button onClick={show(comes)}>{comes === 'parts' ? 'Partitions' : 'How to push'}</Button>}
      <Button onClick={show('settings')}>Settings</Button>
    </>
  );
}

function Status({ watched: { view } }: { watched: Watched }) {
  const standing = standingOf(view);
  return (
    <>
      <span>
        <Mark state={standingMarks[standing]} progress={0.88} label="" />
        {view.name},{' '}
        {standing === 'live' ? `${rateWords(view.rate)} a second` : standing === 'idle' ? 'quiet' : standing}
      </span>
      {view.lag !== null && <span className="wide">{newestWords(view.lag)}</span>}
      {view.deadLetters > 0 && (
        <span className="wide">
          <Mark state="failed" label="" />
          {count(view.deadLetters, 'dead letter')}
        </span>
      )}
    </>
  );
}
