'use client';
import Link from 'next/link';
import { differenceIn, type Replay } from '#lib/job/evidence.ts';
import type { PromotionSpec } from '#lib/job/spec.ts';
import type { PromotionView } from '#lib/job/view.ts';
import { nextTimes } from '#lib/job/schedule.ts';
import { shortHash } from '#components/job/words.ts';
import { Button, ButtonLink } from '#components/parts/button.tsx';
import { TextArea } from '#components/parts/field.tsx';
import { Mark, type MarkState } from '#components/parts/mark.tsx';
import { clock, count, when } from '#components/parts/words.ts';
import { Tick } from './tick.tsx';

export interface DecisionActs {
  submit(): void;
  approve(): void;
  reject(): void;
  setComment(comment: string): void;
  setAccepts(accepts: boolean): void;
}

interface Given {
  promotion: PromotionView;
  me: string;
  now: string;
  busy: boolean;
  /** Said with the decision. */
  comment: string;
  /** Whether what differs in the evidence is accepted. */
  accepts: boolean;
  acts: DecisionActs;
}

/** The panel that decides: the acts, and the hash that is signed, large. */
export function Decision(given: Given) {
  const { promotion, now } = given;
  return (
    <>
      <Choice {...given} />
      <div className="pbox">
        <h2>You approve exactly this</h2>
        <p className="hash" title={promotion.hash}>
          {shortHash(promotion.hash)}
        </p>
        <p className="mut">
          Hash of SQL, parameters, window, {promotion.spec.realtime ? 'the stream and how it is followed' : 'schedule'}{' '}
          and checks. Any edit voids the approval
          {promotion.before ? `; version ${promotion.before.version} keeps running until the next one.` : '.'}
        </p>
      </div>
      <EvidenceSummary promotion={promotion} now={now} />
      <SoFar promotion={promotion} now={now} />
    </>
  );
}

function Choice({ promotion, me, busy, comment, accepts, acts }: Given) {
  const { state, may, version, evidence } = promotion;
  const differs = differenceIn(evidence) !== null;
  if (state === 'approved' || state === 'rejected' || state === 'void') return <Decided promotion={promotion} />;
  if (state === 'draft')
    return (
      <div className="pbox">
        <h2>
          Not sent yet <span>{me}</span>
        </h2>
        <Button kind="main" keys="mod+enter" disabled={busy || !may.submit} onClick={acts.submit}>
          Send to review
        </Button>
        {may.why && <p className="mut">{may.why}</p>}
      </div>
    );
  return (
    <div className="pbox">
      <h2>
        Your decision <span>{me}</span>
      </h2>
      <TextArea
        aria-label="Say why, if you like"
        placeholder="Say why, if you like"
        value={comment}
        onChange={(event) => acts.setComment(event.target.value)}
      />
      {differs && may.decide && <Accepts id="accepts" accepts={accepts} onChange={acts.setAccepts} />}
      <Button
        kind="main"
        keys="mod+enter"
        disabled={busy || !may.decide || (differs && !accepts)}
        onClick={acts.approve}
      >
        Approve version {version}
      </Button>
      <div className="pair">
        <ButtonLink href={`/notebooks/${promotion.notebookId}`}>Open the notebook</ButtonLink>
        <Button disabled={busy || !may.decide} onClick={acts.reject}>
          Reject
        </Button>
      </div>
      {may.why && <p className="mut">{may.why}</p>}
    </div>
  );
}

interface AcceptsGiven {
  id: string;
  accepts: boolean;
  onChange(accepts: boolean): void;
}

/** Where the evidence differs: without it nothing is signed. */
export function Accepts({ id, accepts, onChange }: AcceptsGiven) {
  return (
    <Tick
      id={id}
      aria-describedby={undefined}
      checked={accepts}
      words="I have seen what differs, and approve it nevertheless"
      onChange={onChange}
    />
  );
}

const outcomes: Record<string, { mark: MarkState; says: string }> = {
  approved: { mark: 'good', says: 'Approved' },
  rejected: { mark: 'failed', says: 'Rejected' },
  void: { mark: 'stale', says: 'Void' },
};

function Decided({ promotion }: { promotion: PromotionView }) {
  const { mark, says } = outcomes[promotion.state]!;
  return (
    <div className="pbox">
      <h2>Decision</h2>
      <p className="st">
        <Mark state={mark} label="" />
        {says}
        {promotion.decidedBy && ` by ${promotion.decidedBy.name}`}
      </p>
      {promotion.decision && <p>{promotion.decision}</p>}
      {promotion.evidence?.accepted && (
        <p className="mut">
          {promotion.evidence.accepted.by.name} accepted what differs. {promotion.evidence.accepted.what}
        </p>
      )}
      {promotion.state === 'void' && (
        <p className="mut">The text is no longer the one that was signed. Promote the query again.</p>
      )}
      {promotion.jobId && (
        <p>
          <Link className="link" href={`/jobs/${promotion.jobId}`}>
            The job {promotion.target}
          </Link>
        </p>
      )}
    </div>
  );
}

function EvidenceSummary({ promotion, now }: { promotion: PromotionView; now: string }) {
  const { evidence, spec } = promotion;
  const passed = evidence?.trial.checks.filter((check) => check.passed).length ?? 0;
  const parity = { equal: 'nothing differs', differs: 'the results differ', absent: 'not compared' };
  const parityMark = { equal: 'good', differs: 'warned', absent: 'idle' } as const;
  return (
    <div className="pbox">
      <h2>Evidence</h2>
      <dl className="kv">
        <dt>Parity</dt>
        <dd className="st">
          <Mark state={evidence ? parityMark[evidence.parity.state] : 'idle'} label="" />
          {evidence ? parity[evidence.parity.state] : 'not compared'}
        </dd>
        <dt>Trial</dt>
        <dd className="st">
          <Mark state={evidence?.trial.state === 'good' ? 'good' : 'failed'} label="" />
          {evidence?.trial.state === 'good' ? count(evidence.trial.rows ?? 0, 'row') : 'failed'}
        </dd>
        <dt>Checks</dt>
        <dd className="st">
          {spec.checks.length > 0 && <Mark state={passed === spec.checks.length ? 'good' : 'failed'} label="" />}
          {spec.checks.length ? `${passed} of ${spec.checks.length}` : 'none'}
        </dd>
        {spec.realtime ? <ReplaySummary replay={evidence?.replay ?? null} /> : <ClockChanges spec={spec} now={now} />}
      </dl>
    </div>
  );
}

const replays: Record<Replay['state'], { mark: MarkState; says: string }> = {
  equal: { mark: 'good', says: 'nothing differs' },
  differs: { mark: 'warned', says: 'the results differ' },
  absent: { mark: 'idle', says: 'nothing to replay' },
  failed: { mark: 'failed', says: 'failed' },
};

function ReplaySummary({ replay }: { replay: Replay | null }) {
  const { mark, says } = replays[replay?.state ?? 'absent'];
  return (
    <>
      <dt>Replay</dt>
      <dd className="st">
        <Mark state={mark} label="" />
        {says}
        {replay && replay.events > 0 && `, ${count(replay.events, 'event')}`}
      </dd>
    </>
  );
}

function ClockChanges({ spec, now }: { spec: PromotionSpec; now: string }) {
  const changes = nextTimes(spec.schedule, spec.timeZone, new Date(now), 10).filter((tick) => tick.change).length;
  return (
    <>
      <dt>Schedule</dt>
      <dd className="st">
        <Mark state={changes ? 'warned' : 'good'} label="" />
        {changes ? `${count(changes, 'clock change')} in ten runs` : 'no clock change in ten runs'}
      </dd>
    </>
  );
}

function SoFar({ promotion, now }: { promotion: PromotionView; now: string }) {
  const zone = promotion.spec.timeZone;
  const at = (instant: string) =>
    when(instant, now, zone).includes(':') ? clock(instant, zone) : when(instant, now, zone).replace(/^\w+ /, '');
  const events: [string | null, string][] = [
    [promotion.createdAt, `${promotion.createdBy.name} froze the query`],
    [promotion.evidence?.gatheredAt ?? null, 'Trial and parity done'],
    [promotion.submittedAt, 'Sent to review'],
    [
      promotion.decidedAt,
      `${promotion.decidedBy?.name ?? 'Someone'} ${promotion.state === 'rejected' ? 'rejected it' : 'approved it'}`,
    ],
  ];
  return (
    <div className="pbox">
      <h2>So far</h2>
      <ul className="log-l">
        {events.map(
          ([instant, text]) =>
            instant && (
              <li key={text}>
                <time dateTime={instant}>{at(instant)}</time>
                <span>{text}</span>
              </li>
            ),
        )}
      </ul>
    </div>
  );
}
