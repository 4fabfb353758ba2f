import type { ReactNode } from 'react';
import { Empty } from '#components/parts/empty.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { Spark } from '#components/parts/spark.tsx';
import { count, whole } from '#components/parts/words.ts';
import { ChartPeople, ChartTypes, type ChartUse } from './charts.tsx';
import { ChartDays } from './days.tsx';
import { ChartNotebooks, RunEngines, SlowQueries, type RunUse, type SlowQuery } from './tables.tsx';

export interface InsightView {
  from: string;
  to: string;
  timeZone: string;
  events: number;
  people: number;
  days: { day: string; shown: number; edited: number; runs: number; people: number }[];
  charts: ChartUse & { typesByDay: { day: string; type: string; charts: number }[] };
  runs: RunUse & { people: number };
  slow: SlowQuery[];
  names: { people: Record<string, string>; notebooks: Record<string, string> };
}

interface Given {
  /** Of a project, or of the whole workspace. */
  of: string;
  insight: InsightView;
  /** The choice of days. */
  choice: ReactNode;
}

export function Insights({ of, insight, choice }: Given) {
  const { charts, runs, slow, names, days } = insight;
  const drawn = charts.shown + charts.edited;
  return (
    <>
      <PageHead
        title="Insights"
        clause={`${of}, ${insight.from} to ${days.at(-1)?.day}, days in ${insight.timeZone}, as of now`}
        right={choice}
      />
      {insight.events === 0 ? (
        <Nothing />
      ) : (
        <>
          <Figures insight={insight} />
          <div className="ins">
            <Section
              title="Charts"
              clause={`${whole(drawn)} shown or edited by ${charts.people} of ${count(insight.people, 'person', 'people')}`}
            >
              {drawn ? <ChartTypes charts={charts} /> : <NoChart />}
            </Section>
            <Section title="Charts a day" clause="by type">
              {drawn ? (
                <ChartDays days={days} typesByDay={charts.typesByDay} types={charts.types.map((each) => each.type)} />
              ) : (
                <NoChart />
              )}
            </Section>
          </div>
          {drawn > 0 && (
            <div className="ins">
              <Section title="Who uses charts">
                <ChartPeople charts={charts} names={names.people} />
              </Section>
              <Section title="From which notebooks">
                <ChartNotebooks charts={charts} names={names.notebooks} />
              </Section>
            </div>
          )}
          {runs.engines.length > 0 && (
            <div className="ins">
              <Section title="Runs" clause={`cells run by ${count(runs.people, 'person', 'people')}`}>
                <RunEngines runs={runs} />
              </Section>
              {slow.length > 0 && (
                <Section
                  title="Slow queries"
                  clause="by the median of their good runs; the text is not kept, only its hash"
                >
                  <SlowQueries slow={slow} names={names.notebooks} />
                </Section>
              )}
            </div>
          )}
        </>
      )}
    </>
  );
}

function Figures({ insight }: { insight: InsightView }) {
  const { days, charts, runs } = insight;
  const figures = [
    { label: 'Charts shown', value: charts.shown, line: days.map((day) => day.shown) },
    { label: 'Charts edited', value: charts.edited, line: days.map((day) => day.edited) },
    { label: 'Cells run', value: runs.good + runs.failed + runs.cancelled, line: days.map((day) => day.runs) },
    { label: 'Active people', value: insight.people, line: days.map((day) => day.people) },
  ];
  return (
    <dl className="facts figs">
      {figures.map(({ label, value, line }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {whole(value)}
            <Spark values={line} width={110} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Nothing() {
  return (
    <div className="sect">
      <Empty
        title="Nothing was noted in these days"
        steps={[
          { icon: 'notebook-text', label: 'Open a notebook, run a cell, draw a chart: it is counted from then on' },
        ]}
      >
        Lodestar notes which cells are run and which charts are shown or edited, by whom and from where. It never notes
        the text of a query or a value of your data.
      </Empty>
    </div>
  );
}

function NoChart() {
  return <p className="mut">No chart was shown in these days.</p>;
}
