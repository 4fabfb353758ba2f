'use client';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Account } from '#components/connection/account.tsx';
import { CataloguePanel } from '#components/connection/catalogue-panel.tsx';
import { Editor, useEditing, type Editing, type EditorGiven } from '#components/connection/editor.tsx';
import { answered } from '#components/connection/steps.ts';
import { Frame } from '#components/frame/frame.tsx';
import { useFrame } from '#components/frame/use-layout.ts';
import { Button } from '#components/parts/button.tsx';
import { Dialog } from '#components/parts/dialog.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { Section } from '#components/parts/section.tsx';
import { clock } from '#components/parts/words.ts';
import { deleteConnection } from '#lib/client/api/connections.ts';
import type { ConnectionView } from '#lib/connection/view.ts';
import { crumbsTo, type ConnectionFrame } from './crumbs.ts';

interface Given {
  frame: ConnectionFrame;
  kept: ConnectionView | null;
  members: EditorGiven['members'];
}

/** A connection is made or changed: the form, what was tried, and for a saved one its catalogue. */
export function EditorPage({ frame, kept, members }: Given) {
  const router = useRouter();
  const { project, zone } = frame;
  const [isLoading, startLoading] = useTransition();
  const onSaved = (saved: ConnectionView) =>
    startLoading(() => {
      if (kept) router.refresh();
      else router.replace(`/projects/${project.id}/connections/${saved.id}`);
    });
  const given: EditorGiven = { project, kept, members, zone, onSaved };
  const editing = useEditing(given);
  return (
    <Frame
      {...frame}
      crumbs={crumbsTo(project, kept?.name ?? 'New Trino connection')}
      acts={<Acts editing={editing} zone={zone} />}
      panel={kept && <CataloguePanel connection={kept} zone={zone} />}
      panelLabel={kept ? `Catalogue of ${kept.name}` : undefined}
      sheet={<Sheet editing={editing} hasPanel={kept !== null} />}
      status={<Status editing={editing} isKept={kept !== null} />}
      look="page wide-page"
    >
      <Editor editing={editing} given={given} />
      {kept?.settings.identity.kind === 'person' && !editing.state.takesOwn && (
        <Section title="Your account there" clause="as each member gives theirs" id="account">
          <Account connection={kept.id} user={kept.user} onChanged={() => router.refresh()} />
        </Section>
      )}
      {kept && (
        <Removal kept={kept} isLoading={isLoading} onGone={() => router.push(`/projects/${project.id}/connections`)} />
      )}
    </Frame>
  );
}

function Acts({ editing, zone }: { editing: Editing; zone: string }) {
  const { trial, saving, maySave, test, save } = editing;
  return (
    <>
      {trial.tested && <span className="mut wide tested">Tested {clock(trial.tested.at, zone, true)}</span>}
      <Button size="small" className="wide" keys="t" disabled={trial.running} onClick={test}>
        {testWords(editing)}
      </Button>
      <Button size="small" kind="main" keys="mod+enter" disabled={!maySave || saving} onClick={save}>
        {saving ? 'Saving …' : 'Save'}
      </Button>
    </>
  );
}

function testWords({ trial }: Editing): string {
  if (trial.running) return 'Testing …';
  return trial.tested ? 'Test again' : 'Test';
}

function Sheet({ editing, hasPanel }: { editing: Editing; hasPanel: boolean }) {
  const { showPanel } = useFrame();
  return (
    <>
      {hasPanel && <Button onClick={showPanel}>Catalogue</Button>}
      <Button disabled={editing.trial.running} onClick={editing.test}>
        {testWords(editing)}
      </Button>
    </>
  );
}

function Status({ editing, isKept }: { editing: Editing; isKept: boolean }) {
  const { trial, state } = editing;
  const isSaved = isKept && !state.isChanged;
  const said = trial.steps.length > 0 ? `; ${answered(trial.steps)} answered` : '';
  return (
    <span role="status">
      {trial.running ? (
        <>
          <Mark state="running" label="" />
          Testing
        </>
      ) : (
        <>
          <Mark state={isSaved ? 'good' : 'warned'} label="" />
          {isSaved ? 'Saved' : 'Not saved'}
          {said}
        </>
      )}
    </span>
  );
}

/** Waits for the page as it was saved, which takes the place of this one with what is open in it. */
function Removal({ kept, isLoading, onGone }: { kept: ConnectionView; isLoading: boolean; onGone(): void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const remove = async () => {
    setBusy(true);
    const answer = await deleteConnection(kept.id);
    setBusy(false);
    setAsking(false);
    setProblem(answer.ok ? null : answer.problem.detail);
    if (answer.ok) onGone();
  };
  return (
    <section className="sect remove" aria-label="Delete">
      {problem && <Notice state="failed">{problem}</Notice>}
      <Button icon="trash-2" disabled={isLoading} onClick={() => setAsking(true)}>
        Delete this connection
      </Button>
      <Dialog
        open={asking}
        title={`Delete ${kept.name}?`}
        keep="Keep it"
        act="Delete"
        danger
        busy={busy}
        onAct={() => void remove()}
        onClose={() => setAsking(false)}
      >
        What runs on it now is stopped. Cells that run on it say that it is gone; their text and their last rows stay.
        The password is forgotten. Tables on the cluster are not touched.
      </Dialog>
    </section>
  );
}
