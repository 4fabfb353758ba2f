'use client';
import { Icon } from '#components/parts/icon.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { clock, count } from '#components/parts/words.ts';
import type { CellView, NotebookView, SyncState } from '#lib/client/notebook/store.ts';
import { bytesWords } from '#components/cell/words.ts';
import { useDesk, useHere, useOrder, useView } from './context.tsx';

/** The left of the status line: whether what was typed is stored, what runs, how much memory, which cell. */
export function Status() {
  const { zone } = useHere();
  const sync = useView((view) => view.sync);
  const engine = useView((view) => view.engine);
  const busy = useView(busyWords);
  const order = useOrder();
  const current = useDesk((state) => state.current);
  const at = current ? order.indexOf(current) : -1;
  return (
    <>
      <span role="status" data-testid="sync" data-sync={sync.state} className={toneOf(sync)}>
        <Stored sync={sync} zone={zone} />
      </span>
      {busy && (
        <span>
          <Mark state={busy.includes('running') ? 'running' : 'queued'} label="" />
          {busy}
        </span>
      )}
      <span className={engine.state === 'failed' ? 'st-fail' : 'wide'}>{engineWords(engine)}</span>
      {engine.memory !== null && <span className="wide">Memory {bytesWords(engine.memory)}</span>}
      {at >= 0 && (
        <span className="wide">
          Cell {at + 1} of {order.length}
        </span>
      )}
    </>
  );
}

/** `lake_eu: 1 running, 1 queued`, a cluster each, then what runs here; '' when nothing does. */
export function busyWords({ cells, connections }: Pick<NotebookView, 'cells' | 'connections'>): string {
  const nameOf = ({ cell }: CellView) => {
    const found = cell.engine === 'trino' ? connections?.find((each) => each.id === cell.connection) : undefined;
    return found?.name ?? '';
  };
  const busy = cells.filter(({ run }) => run.state === 'running' || run.state === 'queued');
  const names = [...new Set(busy.map(nameOf))].sort((a, b) => Number(a === '') - Number(b === ''));
  return names
    .map((name) => {
      const own = busy.filter((each) => nameOf(each) === name);
      const running = own.filter((each) => each.run.state === 'running').length;
      const parts = [
        running > 0 ? `${running} running` : '',
        own.length > running ? `${own.length - running} queued` : '',
      ];
      return `${name ? `${name}: ` : ''}${parts.filter(Boolean).join(', ')}`;
    })
    .join('; ');
}

function Stored({ sync, zone }: { sync: SyncState; zone: string }) {
  switch (sync.state) {
    case 'connecting':
      return 'Connecting';
    case 'stored':
      return (
        <>
          <Icon name="check" size="small" />
          Stored{sync.at !== null && ` ${clock(new Date(sync.at), zone, true)}`}
        </>
      );
    case 'storing':
      return (
        <>
          <Icon name="arrow-up" size="small" />
          Storing {count(sync.pending, 'edit')}
        </>
      );
    case 'offline':
      return (
        <>
          <Icon name="cloud-off" size="small" />
          Offline{sync.pending > 0 && `, ${count(sync.pending, 'edit')} wait`}
        </>
      );
    case 'refused':
      return (
        <>
          <Mark state="failed" label="" />
          {sync.reason || 'The server refused this notebook'}
        </>
      );
  }
}

function toneOf(sync: SyncState): string | undefined {
  if (sync.state === 'offline') return 'st-warn';
  return sync.state === 'refused' ? 'st-fail' : undefined;
}

function engineWords(engine: { state: string; note: string }): string {
  if (engine.note) return engine.note;
  const words: Record<string, string> = { starting: 'starting', idle: 'idle', running: 'running', failed: 'failed' };
  return `Browser DuckDB ${words[engine.state] ?? ''}`;
}
