import { Button } from '#components/parts/button.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { clock, took } from '#components/parts/words.ts';
import type { TestStep } from '#lib/connection/view.ts';
import { CopyRule } from './copy-rule.tsx';
import { answered, markOfStep, titleOf, tookOf } from './steps.ts';
import type { Trial } from './use-test.ts';

/** What was tried: a mark, a name, the cluster's own answer and its time; a warning carries its fix. */
export function Tries({ trial, zone, isOld }: { trial: Trial; zone: string; isOld: boolean }) {
  const { steps, tested, running, problem, stop } = trial;
  return (
    <>
      <header>
        <h2>What was tried</h2>
        {tested && !running && (
          <p>
            {clock(tested.at, zone, true)}, from this server, in {timeOf(tookOf(steps))}
          </p>
        )}
        {steps.length > 0 && <span className="r">{answered(steps)}</span>}
      </header>
      {problem && <Notice state="failed">{problem.detail}</Notice>}
      {steps.length === 0 && !running && !problem && <Nothing />}
      {(steps.length > 0 || running) && (
        <ol className="tries" aria-live="polite" aria-busy={running}>
          {steps.map((step) => (
            <Attempt key={step.step} step={step} />
          ))}
          {running && (
            <li>
              <Mark state="running" />
              <b>{steps.length === 0 ? 'Beginning' : 'Going on'}</b>
              <span>the next answer comes from the cluster</span>
              <Button kind="bare" size="small" onClick={stop}>
                Stop
              </Button>
            </li>
          )}
        </ol>
      )}
      {tested && !running && <Verdict good={tested.good} steps={steps} isOld={isOld} />}
    </>
  );
}

function Nothing() {
  return (
    <p className="untried">
      Nothing yet. Test finds the name, speaks TLS, signs in, acts as people, lists the catalogues, writes and drops a
      table where jobs may, and stops a query: each with the cluster’s own answer.
    </p>
  );
}

function Attempt({ step }: { step: TestStep }) {
  const tone = step.state === 'warned' ? 'wa' : step.state === 'failed' ? 'bad' : undefined;
  return (
    <li className={tone} data-step={step.step} data-state={step.state}>
      <Mark state={markOfStep[step.state]} label={step.state} />
      <b>{titleOf(step.step)}</b>
      <span>
        {step.found}
        {step.detail && <q className="mut">{step.detail}</q>}
      </span>
      <time>{step.state === 'skipped' ? '' : timeOf(step.took)}</time>
      {step.rule && (
        <div className="fix">
          <CopyRule rule={step.rule} />
        </div>
      )}
    </li>
  );
}

function Verdict({ good, steps, isOld }: { good: boolean; steps: readonly TestStep[]; isOld: boolean }) {
  const people = steps.find((step) => step.step === 'people');
  const isRefused = people !== undefined && people.rule !== '';
  const warned = steps.some((step) => step.state === 'warned');
  if (isOld)
    return <p className="outcome">The fields are others now than those that were tried. Test again before saving.</p>;
  if (!good) return <p className="outcome st-fail">It cannot be saved as it is: mend what failed, and test again.</p>;
  if (isRefused)
    return (
      <p className="outcome">
        It can be saved. Until the rule is added, cells of those whom Trino refuses say that it refuses to run as them.
      </p>
    );
  return <p className="outcome">It can be saved{warned && ', with what is marked above in mind'}.</p>;
}

function timeOf(milliseconds: number): string {
  const { value, unit } = took(milliseconds);
  return `${value} ${unit}`;
}
