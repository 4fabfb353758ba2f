'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import { quoted } from '#components/notebook/table-panel.tsx';
import { streamApi, type StreamSettings, type StreamView } from '#lib/client/api/streams.ts';
import { call, type Answer } from '#lib/client/call.ts';
import { browserOfTab } from '#lib/client/notebook/engines.ts';
import { StreamWatch, type WatchParts } from '#lib/client/stream/watch.ts';

/** The stream as it is now, watched while the page is shown. */
export function useWatch(first: WatchParts['first']) {
  const [watch] = useState(() => makeWatch(first));
  useEffect(() => {
    watch.start();
    return () => watch.close();
  }, [watch]);
  const watched = useSyncExternalStore(watch.subscribe, watch.snapshot, watch.snapshot);
  return { watch, watched };
}

function makeWatch(first: WatchParts['first']): StreamWatch {
  return new StreamWatch({ first, api: streamApi(first.view.id), engine: browserOfTab });
}

export function useStreamActs(view: StreamView, watch: StreamWatch, mayEdit: boolean) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const settle = useCallback(async <T>(work: Promise<Answer<T>>): Promise<Answer<T>> => {
    setBusy(true);
    const answer = await work;
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem.detail);
    return answer;
  }, []);
  const { id, projectId, name, eventTime } = view;
  const query = useCallback(async () => {
    const made = await settle(
      call<{ id: string }>('POST', `/api/projects/${projectId}/notebooks`, lastMinutes(name, eventTime)),
    );
    if (made.ok) router.push(`/notebooks/${made.value.id}`);
  }, [settle, projectId, name, eventTime, router]);
  useCommands(useMemo(() => (mayEdit ? commandsOf(name, () => void query()) : []), [mayEdit, name, query]));
  const acts = {
    query: () => void query(),
    change: (change: Partial<StreamSettings>) =>
      void settle(streamApi(id).change(change)).then((answer) => answer.ok && watch.changed(answer.value)),
    remove: () =>
      void settle(streamApi(id).remove()).then((answer) => answer.ok && router.push(`/projects/${projectId}/streams`)),
  };
  const tail = useMemo(
    () => ({
      hold: () => watch.hold(),
      goOn: () => watch.release(),
      filter: (condition: string) => void watch.setFilter(condition),
      query: mayEdit ? () => void query() : null,
    }),
    [watch, mayEdit, query],
  );
  return { acts, tail, busy, problem, forget: () => setProblem(null) };
}

function commandsOf(name: string, query: () => void): Command[] {
  const label = `Query the last 15 min of ${name}`;
  return [{ id: 'query', group: 'Do', label, icon: 'notebook-text', keys: 'q', bound: true, run: query }];
}

/** A notebook that follows the stream: its last minutes counted by the minute, and drawn. */
function lastMinutes(name: string, eventTime: string) {
  const minute = `date_trunc('minute', ${quoted(eventTime)})`;
  return {
    title: `The last minutes of ${name}`,
    cells: [
      {
        type: 'sql',
        engine: 'browser',
        name: 'by_minute',
        source: `SELECT ${minute} AS minute, count(*) AS events\nFROM ${quoted(name)}\nGROUP BY 1\nORDER BY 1`,
      },
      {
        type: 'chart',
        chart: { from: 'by_minute', type: 'line', x: 'minute', y: 'events', title: `Events of ${name} a minute` },
      },
    ],
  };
}
