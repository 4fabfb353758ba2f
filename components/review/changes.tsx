import type { PromotionSpec } from '#lib/job/spec.ts';
import type { PromotionView } from '#lib/job/view.ts';
import { canonical } from '#lib/job/hash.ts';
import { Section } from '#components/parts/section.tsx';
import { diffLines, tally } from './diff.ts';
import { SqlDiff } from './sql-diff.tsx';

/** The frozen text, step by step, against the version that runs now where there is one. */
export function Changes({ promotion }: { promotion: PromotionView }) {
  const { spec, before, connections } = promotion;
  const steps = spec.steps.map((step) => ({
    name: step.name,
    where: step.connection && (connections[step.connection] ?? 'a connection that is gone'),
    lines: diffLines(textOf(before?.spec, step.name) ?? step.sql, step.sql),
  }));
  const gone = before?.spec.steps.filter((step) => !spec.steps.some((each) => each.name === step.name)) ?? [];
  const totals = steps.map((step) => tally(step.lines));
  const [come, went] = [sum(totals.map((each) => each.come)), sum(totals.map((each) => each.gone))];
  return (
    <Section no={1} title="What changes" clause={clause(promotion)} right={before && <Tally come={come} gone={went} />}>
      {steps.map((step) => (
        <div key={step.name}>
          {steps.length > 1 && (
            <h3 className="mono">
              {step.name} {step.where && <small>{step.where}</small>}
            </h3>
          )}
          <SqlDiff lines={step.lines} label={`SQL of ${step.name}`} />
        </div>
      ))}
      {gone.length > 0 && <p className="mut">No longer a step: {gone.map((step) => step.name).join(', ')}.</p>}
      <Parameters spec={spec} />
    </Section>
  );
}

function Tally({ come, gone }: { come: number; gone: number }) {
  return (
    <>
      <span className="st-ok">+{come}</span> <span className="st-fail">−{gone}</span>
    </>
  );
}

function Parameters({ spec }: { spec: PromotionSpec }) {
  const given = Object.entries(spec.parameters);
  if (given.length === 0) return null;
  return (
    <p className="mut">
      With{' '}
      {given.map(([name, { value }], index) => (
        <span key={name}>
          {index > 0 && ', '}
          <span className="mono">{name}</span> = <span className="mono">{value === null ? 'null' : String(value)}</span>
        </span>
      ))}
      , and the window of each run.
    </p>
  );
}

function clause({ spec, before }: PromotionView): string {
  if (!before)
    return spec.steps.length > 1
      ? `New: ${spec.steps.length} steps, in the order they run.`
      : 'New: nothing runs under this name yet.';
  const names: [string, keyof PromotionSpec][] = [
    ['parameters', 'parameters'],
    ['place of the output', 'place'],
    ['window', 'window'],
    ['schedule', 'schedule'],
    ['how it follows the stream', 'realtime'],
    ['time zone', 'timeZone'],
    ['checks', 'checks'],
  ];
  const other = names
    .filter(([, key]) => canonical(spec[key] ?? null) !== canonical(before.spec[key] ?? null))
    .map(([name]) => name);
  return `SQL against version ${before.version}. ${other.length ? `Also changed: ${other.join(', ')}.` : 'Parameters, window, schedule and checks are unchanged.'}`;
}

function textOf(spec: PromotionSpec | undefined, name: string): string | undefined {
  return spec && (spec.steps.find((step) => step.name === name)?.sql ?? '');
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
