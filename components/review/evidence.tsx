import type { Evidence, Parity, Trial } from '#lib/job/evidence.ts';
import type { Comparison } from '#lib/job/parity.ts';
import type { PromotionSpec } from '#lib/job/spec.ts';
import { windowName } from '#components/job/words.ts';
import { Mark, type MarkState } from '#components/parts/mark.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { Section } from '#components/parts/section.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { clock, count, size, took, when, whole } from '#components/parts/words.ts';
import { checkWords } from './checks.ts';

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
  const { trial, parity, warnings } = evidence;
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
            Same as the notebook? <small>window {window}</small>
          </h3>
          <ParityFound parity={parity} />
        </div>
        <div>
          <h3>
            Trial <small>one past window, not published</small>
          </h3>
          <TrialFound trial={trial} window={window} />
        </div>
      </div>
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
      <div className={parity.state === 'equal' ? 'verdict' : 'verdict other'}>
        <Mark state={mark} label="" />
        <b>{says}</b>
        {parity.why && <span>{parity.why}</span>}
      </div>
      {parity.comparison && <Compared found={parity.comparison} />}
    </>
  );
}

function Compared({ found }: { found: Comparison }) {
  const columns = [...found.columns.onlyInA, ...found.columns.onlyInB];
  return (
    <DataTable label="Comparison with the notebook">
      <Line label="Matched by" value={found.matchedBy.join(', ')} mono />
      <Line label="Rows in the notebook, in the trial" value={`${whole(found.rows[0])}, ${whole(found.rows[1])}`} />
      <Line label="Only in one of them" value={whole(found.onlyInA + found.onlyInB)} />
      <Line label="Rows compared, differing" value={`${whole(found.compared)}, ${whole(found.differing)}`} />
      {columns.length > 0 && <Line label="Columns in only one of them" value={columns.join(', ')} mono />}
      {found.samples.slice(0, 5).map((sample, index) => (
        <Line
          key={index}
          label={`${sample.key.map(shown).join(', ')}: ${sample.column}`}
          value={`${shown(sample.a)} in the notebook, ${shown(sample.b)} here`}
        />
      ))}
    </DataTable>
  );
}

function Line({ label, value, mono }: { label: string; value: string; mono?: boolean }) {
  return (
    <tr>
      <td className="wrap">{label}</td>
      <td className={mono ? 'num mono wrap' : 'num wrap'}>{value}</td>
    </tr>
  );
}

function TrialFound({ trial, window }: { trial: Trial; window: string }) {
  if (trial.state === 'failed') return <Notice state="failed">{trial.error?.message ?? 'The trial failed.'}</Notice>;
  const time = took(trial.took ?? 0);
  const bytes = trial.bytes === null ? null : size(trial.bytes);
  const passed = trial.checks.filter((check) => check.passed).length;
  return (
    <>
      <div className="verdict">
        <Mark state="good" label="" />
        <b>It runs.</b>
      </div>
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

function shown(value: string | null): string {
  return value === null ? 'null' : value === '' ? '""' : value;
}
