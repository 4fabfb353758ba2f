'use client';
import { useEffect, useMemo, useState } from 'react';
import { columnOf, measuresOf, sumSoFar } from '#components/job/measures.ts';
import type { Drawn } from '#components/job/live-windows.tsx';
import type { WindowBar } from '#components/job/window-bars.tsx';
import type { WindowLine } from '#components/job/windows.ts';
import { windowSums } from '#lib/client/api/jobs.ts';
import { call } from '#lib/client/call.ts';
import type { JobView, Provisional } from '#lib/job/view.ts';
import { formatText } from '#lib/table/format.ts';

export interface OutputColumn {
  name: string;
  type: string;
}

interface Given {
  job: JobView;
  lines: readonly WindowLine[];
  provisional: Provisional | null;
  columns: readonly OutputColumn[];
}

const shown = 30;

/** The numbers that are drawn for the last windows. */
export function useMeasure({ job, lines, provisional, columns }: Given): Drawn {
  const measures = useMemo(() => measuresOf(columns), [columns]);
  const [chosen, onMeasure] = useState('');
  const measure = measures.some(({ value }) => value === chosen) ? chosen : measures[0]!.value;
  const column = columnOf(measure);
  const recent = lines.slice(0, shown).toReversed();
  const sumOf = useSums(job, column, recent);
  const valueOf = (line: WindowLine) => {
    if (column === null) return line[measure as 'rows' | 'events'];
    return line.state === 'open' ? sumSoFar(column, line.windowStart, provisional) : sumOf(line);
  };
  const bars = recent.map((line) => toBar(line, valueOf(line)));
  return { bars, measure, measures, onMeasure };
}

/** Those of the output, as given or, where it had none yet, as they are once it has rows. */
export function useColumns(given: readonly OutputColumn[], { live, datasetId }: JobView): readonly OutputColumn[] {
  const [columns, setColumns] = useState(given);
  const isMissing = columns.length === 0 && (live?.rowsOut ?? 0) > 0;
  useEffect(() => {
    if (!isMissing) return;
    let isOver = false;
    void call<{ columns: OutputColumn[] }>('GET', `/api/datasets/${datasetId}`).then((answer) => {
      if (answer.ok && !isOver) setColumns(answer.value.columns);
    });
    return () => {
      isOver = true;
    };
  }, [isMissing, datasetId]);
  return columns;
}

function toBar(line: WindowLine, value: string | number | null): WindowBar {
  const { windowStart, windowEnd, isCorrected, runId } = line;
  return {
    windowStart,
    windowEnd,
    value: value === null ? null : Number(value),
    text: value === null ? 'nothing' : formatText(String(value), 'BIGINT'),
    isOpen: line.state === 'open',
    isAgain: isCorrected,
    runId,
  };
}

/** Sums of what is published, asked for once a run of each window. */
function useSums(job: JobView, column: string | null, recent: readonly WindowLine[]) {
  const [known, setKnown] = useState<ReadonlyMap<string, string | null>>(new Map());
  const { projectId, target } = job;
  const missing = recent.filter((line) => line.state !== 'open' && line.rows && !known.has(keyOf(column, line)));
  const wanted = column === null ? '' : missing.map((line) => `${line.windowStart} ${line.runId}`).join('\n');
  useEffect(() => {
    if (column === null || wanted === '') return;
    const asked = wanted.split('\n');
    const starts = asked.map((each) => each.split(' ')[0]!);
    let isOver = false;
    void windowSums(projectId, { target, column, starts }).then((sums) => {
      if (isOver || !sums) return;
      setKnown((before) => {
        const found = asked.map((each, index) => [`${column} ${each}`, sums.get(starts[index]!) ?? null] as const);
        return new Map([...[...before].slice(-500), ...found]);
      });
    });
    return () => {
      isOver = true;
    };
  }, [projectId, target, column, wanted]);
  return (line: WindowLine) => known.get(keyOf(column, line)) ?? standing(known, column, line);
}

function keyOf(column: string | null, { windowStart, runId }: WindowLine): string {
  return `${column} ${windowStart} ${runId}`;
}

/** What the window had before it was published again, until the new number is here: nothing flickers. */
function standing(known: ReadonlyMap<string, string | null>, column: string | null, line: WindowLine): string | null {
  const prefix = `${column} ${line.windowStart} `;
  return [...known].findLast(([key]) => key.startsWith(prefix))?.[1] ?? null;
}
