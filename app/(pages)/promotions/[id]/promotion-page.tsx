'use client';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import { Frame, type FrameGiven } from '#components/frame/frame.tsx';
import { shortHash } from '#components/job/words.ts';
import { Button, ButtonLink } from '#components/parts/button.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { Accepts, Decision, type DecisionActs } from '#components/review/decision.tsx';
import { Review } from '#components/review/review.tsx';
import { call, type Answer } from '#lib/client/call.ts';
import { differenceIn } from '#lib/job/evidence.ts';
import type { PromotionView } from '#lib/job/view.ts';

interface Given {
  frame: Pick<FrameGiven, 'me' | 'at' | 'waiting'> & { project: { id: string; name: string }; zone: string };
  promotion: PromotionView;
  now: string;
}

export function PromotionPage({ frame, promotion, now }: Given) {
  const { busy, problem, comment, accepts, acts } = useDecision(promotion);
  const { project, me } = frame;
  const crumbs = [
    { label: project.name, href: `/projects/${project.id}` },
    { label: 'Reviews', href: `/projects/${project.id}/promotions` },
    { label: `${promotion.target}, version ${promotion.version}` },
  ];
  return (
    <Frame
      {...frame}
      crumbs={crumbs}
      acts={
        <ButtonLink kind="bare" size="small" icon="notebook-text" tight href={`/notebooks/${promotion.notebookId}`}>
          Open the notebook
        </ButtonLink>
      }
      panel={
        <Decision
          promotion={promotion}
          me={me.name}
          now={now}
          busy={busy}
          comment={comment}
          accepts={accepts}
          acts={acts}
        />
      }
      panelLabel="Decision"
      status={<span>{stateWords[promotion.state]}</span>}
    >
      {problem && <Notice state="failed">{problem}</Notice>}
      <Review promotion={promotion} now={now} />
      <Sheet promotion={promotion} busy={busy} accepts={accepts} acts={acts} />
    </Frame>
  );
}

const stateWords = {
  draft: 'Not sent to review yet',
  submitted: 'Waits for a decision',
  approved: 'Approved',
  rejected: 'Rejected',
  void: 'Void: the text is not the one that was signed',
};

interface SheetGiven {
  promotion: PromotionView;
  busy: boolean;
  accepts: boolean;
  acts: DecisionActs;
}

/** Where the panel has no room, the decision is a bar at the foot. */
function Sheet({ promotion, busy, accepts, acts }: SheetGiven) {
  const { state, may } = promotion;
  if (state === 'draft' && may.submit)
    return (
      <div className="sheet">
        <Button kind="main" disabled={busy} onClick={acts.submit}>
          Send to review
        </Button>
      </div>
    );
  if (state !== 'submitted' || !may.decide) return null;
  const differs = differenceIn(promotion.evidence) !== null;
  return (
    <div className="sheet">
      {differs && <Accepts id="accepts-below" accepts={accepts} onChange={acts.setAccepts} />}
      <Button disabled={busy} onClick={acts.reject}>
        Reject
      </Button>
      <Button kind="main" disabled={busy || (differs && !accepts)} onClick={acts.approve}>
        Approve {shortHash(promotion.hash).slice(0, 9)}
      </Button>
    </div>
  );
}

/** What is signed is the hash that stands on the page: a text changed meanwhile is refused. */
function useDecision(promotion: PromotionView) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [comment, setComment] = useState('');
  const [accepts, setAccepts] = useState(false);
  const { id, hash, state, may } = promotion;
  const acts = useMemo<DecisionActs>(() => {
    const act = async <T,>(path: string, body: object, then: (value: T) => void) => {
      setBusy(true);
      const answer: Answer<T> = await call<T>('POST', `/api/promotions/${id}/${path}`, body);
      setBusy(false);
      setProblem(answer.ok ? null : answer.problem.detail);
      if (answer.ok) then(answer.value);
      else router.refresh();
    };
    return {
      submit: () => void act('submit', {}, () => router.refresh()),
      approve: () =>
        void act<{ jobId: string }>('approve', { hash, comment, accept: accepts }, ({ jobId }) =>
          router.push(`/jobs/${jobId}`),
        ),
      reject: () => void act('reject', { comment }, () => router.refresh()),
      setComment,
      setAccepts,
    };
  }, [id, hash, comment, accepts, router]);
  useDecisionKeys(state, may, acts);
  return { busy, problem, comment, accepts, acts };
}

function useDecisionKeys(state: PromotionView['state'], may: PromotionView['may'], acts: DecisionActs): void {
  const commands = useMemo<Command[]>(() => {
    const main = (label: string, run: () => void): Command => ({
      id: 'decide',
      group: 'Do',
      label,
      icon: 'check',
      keys: 'mod+enter',
      bound: true,
      run,
    });
    if (state === 'draft' && may.submit) return [main('Send to review', acts.submit)];
    return state === 'submitted' && may.decide ? [main('Approve', acts.approve)] : [];
  }, [state, may.submit, may.decide, acts]);
  useCommands(commands);
}
