import type { Evidence, Parity, Trial } from '#lib/job/evidence.ts';
import type { PromotionSpec } from '#lib/job/spec.ts';
import { windowName } from '#components/job/words.ts';
import { Mark, type MarkState } from '#components/parts/mark.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { Section } from '#components/parts/section.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { clock, count, size, took, when, whole } from '#components/parts/words.ts';
import { checkWords } from './checks.ts';
import { Compared, Line, Verdict } from './compared.tsx';
import { ReplayFound } from './replay.tsx';

interface Given {
  evidence: Evidence | null;
  spec: PromotionSpec;
  now: string;
}

/** That the very text ran on the server, what it gave, and whether that is what the notebook shows. */
export function EvidenceSection({ evidence, spec, now }: Given) {
  const zone = spec.timeZone;
  const at =
    evidence &&
    `${when(evidence.gatheredAt, now, zone)}${when(evidence.gatheredAt, now, zone).includes(':') ? ' today' : ` ${clock(evidence.gatheredAt, zone)}`}`;
  return (
    <Section
      no={2}
      title="Evidence"
      clause={evidence ? `Gathered ${at} on the server, on this exact text.` : undefined}
    >
      {evidence ? (
        <Gathered evidence={evidence} spec={spec} />
      ) : (
        <Notice state="failed">The query has not been tried on the server.</Notice>
      )}
    </Section>
  );
}

function Gathered({ evidence, spec }: { evidence: Evidence; spec: PromotionSpec }) {
  const { trial, parity, replay, warnings } = evidence;
  const window = windowName(trial, spec.window, spec.timeZone);
  return (
    <>
      {warnings.map((warning) => (
        <Notice key={warning} state="warned">
          {warning}
        </Notice>
      ))}
      <div className="two-col">
        <div>
          <h3>
            Same as the notebook?{' '}
            <small>{spec.realtime?.kind === 'windowless' ? 'each row that it shows' : `window ${window}`}</small>
          </h3>
          <ParityFound parity={parity} />
        </div>
        <div>
          <h3>
            Trial <small>{spec.realtime ? 'where the stream stands' : 'one past window'}, not published</small>
          </h3>
          <TrialFound trial={trial} window={window} />
        </div>
      </div>
      {replay && <ReplayFound replay={replay} spec={spec} />}
      {trial.preview && <Rows preview={trial.preview} total={trial.rows ?? 0} />}
      {spec.checks.length > 0 && <Checks trial={trial} spec={spec} />}
    </>
  );
}

const verdicts: Record<Parity['state'], { mark: MarkState; says: string }> = {
  equal: { mark: 'good', says: 'Nothing differs.' },
  differs: { mark: 'warned', says: 'The results differ.' },
  absent: { mark: 'idle', says: 'Not compared.' },
};

function ParityFound({ parity }: { parity: Parity }) {
  const { mark, says } = verdicts[parity.state];
  return (
    <>
      <Verdict mark={mark} says={says} why={parity.why} />
      {parity.comparison && (
        <Compared found={parity.comparison} label="Comparison with the notebook" sides={['notebook', 'trial']} />
      )}
    </>
  );
}

function TrialFound({ trial, window }: { trial: Trial; window: string }) {
  if (trial.state === 'failed') return <Notice state="failed">{trial.error?.message ?? 'The trial failed.'}</Notice>;
  const time = took(trial.took ?? 0);
  const bytes = trial.bytes === null ? null : size(trial.bytes);
  const passed = trial.checks.filter((check) => check.passed).length;
  return (
    <>
      <Verdict mark="good" says="It runs." />
      <DataTable label="Trial">
        <Line label="Window" value={window} />
        <Line label="Rows" value={whole(trial.rows ?? 0)} />
        <Line label="Took" value={`${time.value} ${time.unit}`} />
        {bytes && <Line label="Written" value={`${bytes.value} ${bytes.unit}`} />}
        {trial.scanned && <Line label="Read on the cluster" value={scannedWords(trial.scanned)} />}
        {trial.checks.length > 0 && <Line label="Checks" value={`${passed} of ${trial.checks.length}`} />}
      </DataTable>
    </>
  );
}

function scannedWords({ rows, bytes }: NonNullable<Trial['scanned']>): string {
  const { value, unit } = size(bytes);
  return `${count(rows, 'row')}, ${value} ${unit}`;
}

function Rows({ preview, total }: { preview: NonNullable<Trial['preview']>; total: number }) {
  const isNumber = preview.columns.map(({ type }) => /INT|DECIMAL|DOUBLE|FLOAT|REAL/i.test(type));
  const rows = preview.rows.slice(0, 10);
  const head = preview.columns.map((column, index) => (
    <th key={column.name} className={isNumber[index] ? 'num' : ''}>
      {column.name}
    </th>
  ));
  return (
    <>
      <h3>
        Rows of the trial{' '}
        <small>{rows.length < total ? `the first ${rows.length} of ${whole(total)}` : count(total, 'row')}</small>
      </h3>
      <DataTable label="Rows of the trial" head={head}>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((value, place) => (
              <td key={place} className={isNumber[place] ? 'num' : 'cut'}>
                {value === null ? <i className="mut">null</i> : value}
              </td>
            ))}
          </tr>
        ))}
      </DataTable>
    </>
  );
}

function Checks({ trial, spec }: { trial: Trial; spec: PromotionSpec }) {
  const head = (
    <>
      <th>check</th>
      <th>on</th>
      <th>if it fails</th>
      <th>seen in the trial</th>
    </>
  );
  return (
    <>
      <h3>Checks</h3>
      <DataTable label="Checks" head={head}>
        {spec.checks.map((check, index) => {
          const found = trial.checks[index];
          const words = checkWords(check);
          return (
            <tr key={index}>
              <td>{words.name}</td>
              <td className="mono">{words.on}</td>
              <td>keep the old output</td>
              <td>
                <span className="st">
                  <Mark state={found ? (found.passed ? 'good' : 'failed') : 'idle'} />
                  {found?.found ?? 'not tried'}
                </span>
              </td>
            </tr>
          );
        })}
      </DataTable>
    </>
  );
}
