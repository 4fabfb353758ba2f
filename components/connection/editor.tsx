'use client';
import { useMemo, useState } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import { useLeaving } from '#components/frame/leaving.ts';
import { Notice } from '#components/parts/notice.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { useLatest } from '#components/editor/use-latest.ts';
import { changeConnection, createConnection } from '#lib/client/api/connections.ts';
import type { Refusal } from '#lib/client/call.ts';
import type { ConnectionInput } from '#lib/connection/settings.ts';
import type { ConnectionView } from '#lib/connection/view.ts';
import { Limits } from './limits.tsx';
import { Reach } from './reach.tsx';
import { catalogsIn, isOldTest } from './steps.ts';
import { Tries } from './tries.tsx';
import { useForm, type FormState } from './use-form.ts';
import { useOffers } from './use-offers.ts';
import { useTest, type Trial } from './use-test.ts';
import { Whom, type Member } from './whom.tsx';

export interface EditorGiven {
  project: { id: string; name: string };
  /** The connection that is changed; null while one is made. */
  kept: ConnectionView | null;
  members: readonly Member[];
  zone: string;
  onSaved(saved: ConnectionView): void;
}

export interface Editing {
  state: FormState;
  trial: Trial;
  saving: boolean;
  problem: Refusal | null;
  /** The last test was of exactly these fields and nothing needed failed. */
  maySave: boolean;
  test(): void;
  save(): void;
}

/** What a page needs to make or change a connection: its fields, the test, and saving what was tried. */
export function useEditing({ project, kept, onSaved }: EditorGiven): Editing {
  const state = useForm(kept);
  const saved = kept && !state.isChanged && state.read.ok ? state.read.input : null;
  const trial = useTest(kept ? { id: kept.id } : { projectId: project.id }, kept?.tested ?? null, saved);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const { read } = state;
  const maySave =
    read.ok && !trial.running && trial.isOf(read.input) && trial.tested!.good && (state.isChanged || !kept);
  const keep = async (input: ConnectionInput) => {
    setSaving(true);
    const answer = await (kept ? changeConnection(kept.id, input) : createConnection(project.id, input));
    setSaving(false);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    state.settle();
    onSaved(answer.value);
  };
  const editing: Editing = {
    state,
    trial,
    saving,
    problem,
    maySave,
    test: () => (read.ok ? trial.start(read.input) : state.demand()),
    save: () => void (maySave && !saving && read.ok && keep(read.input)),
  };
  useLeaving(
    state.isChanged && !saving,
    'Leave without saving?',
    'What was typed here is not kept; the connection stays as it was.',
  );
  useEditingKeys(editing);
  return editing;
}

function useEditingKeys(editing: Editing): void {
  const latest = useLatest(editing);
  const commands = useMemo<Command[]>(
    () => [
      {
        id: 'connection-test',
        group: 'Do',
        label: 'Test this connection',
        icon: 'activity',
        keys: 't',
        bound: true,
        run: () => latest.current.test(),
      },
      {
        id: 'connection-save',
        group: 'Do',
        label: 'Save this connection',
        icon: 'check',
        keys: 'mod+enter',
        bound: true,
        run: () => latest.current.save(),
      },
    ],
    [latest],
  );
  useCommands(commands);
}

/** The form on the left, what was tried beside it. */
export function Editor({ editing, given }: { editing: Editing; given: EditorGiven }) {
  const { state, trial, problem } = editing;
  const { kept, project, members, zone } = given;
  const offers = useOffers(kept?.id ?? null, state.form.catalog, catalogsIn(trial.steps));
  const isOld = trial.tested !== null && isOldTest(trial, state);
  return (
    <>
      <PageHead
        title={kept ? kept.name : 'Connect a Trino cluster'}
        clause={kept ? `a Trino cluster of ${project.name}` : `for the project ${project.name}`}
        lead="Nothing is saved before it was tried. The password stays on the server, encrypted; no browser ever sees it again."
      />
      {problem && <Notice state="failed">{problem.detail}</Notice>}
      <div className="pgrid connect">
        <div>
          <header>
            <h2>How to reach it</h2>
          </header>
          <Reach state={state} offers={offers} />
          <Section title="As whom">
            <Whom state={state} members={members} />
          </Section>
          <Section title="Limits" clause="for each query and person">
            <Limits state={state} />
          </Section>
        </div>
        <div>
          <Tries trial={trial} zone={zone} isOld={isOld} />
          <p className="mut again">Any edit of these fields asks for a new test before it is saved.</p>
        </div>
      </div>
    </>
  );
}
