'use client';
import type { JobView } from '#lib/job/view.ts';
import { Button } from '#components/parts/button.tsx';
import { IconButton } from '#components/parts/icon-button.tsx';
import { Menu } from '#components/parts/menu.tsx';

export type Asking = 'window' | 'backfill' | 'drain' | 'delete';

interface Given {
  job: JobView;
  busy: boolean;
  onPause(): void;
  onAsk(what: Asking): void;
}

/** The right end of the bar: what can be done with the job. */
export function Acts({ job, busy, onPause, onAsk }: Given) {
  const { rights, state, kind } = job;
  const isRealTime = kind === 'realtime';
  return (
    <>
      {rights.run && !isRealTime && (
        <Button kind="bare" size="small" icon="calendar" tight disabled={busy} onClick={() => onAsk('backfill')}>
          Backfill
        </Button>
      )}
      {rights.manage && isRealTime && state === 'active' && (
        <Button kind="bare" size="small" icon="square" tight disabled={busy} onClick={() => onAsk('drain')}>
          Drain
        </Button>
      )}
      {rights.manage && (
        <Button size="small" icon={state === 'paused' ? 'play' : 'pause'} tight disabled={busy} onClick={onPause}>
          {state === 'paused' ? 'Resume' : 'Pause'}
        </Button>
      )}
      {rights.run && (
        <Button
          kind="main"
          size="small"
          icon="play"
          keys="r"
          disabled={busy}
          onClick={() => onAsk(isRealTime ? 'backfill' : 'window')}
        >
          {isRealTime ? 'Replay' : 'Run a window'}
        </Button>
      )}
      {rights.manage && (
        <Menu items={[{ label: 'Delete the job…', icon: 'trash-2', danger: true, onSelect: () => onAsk('delete') }]}>
          <IconButton icon="ellipsis" label="More" disabled={busy} />
        </Menu>
      )}
    </>
  );
}
