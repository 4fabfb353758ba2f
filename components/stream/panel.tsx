'use client';
import type { StreamSettings, StreamView } from '#lib/client/api/streams.ts';
import { PanelTabs } from '#components/frame/panel-tabs.tsx';
import { Parts } from './parts.tsx';
import { HowToPush } from './push.tsx';
import { Settings } from './settings.tsx';

export type StreamTab = 'push' | 'parts' | 'settings';

interface Given {
  view: StreamView;
  project: { name: string };
  tab: StreamTab;
  onTab(tab: StreamTab): void;
  mayEdit: boolean;
  /** Delete it, and say how long its events are kept. */
  mayLetGo: boolean;
  busy: boolean;
  onSave(settings: Omit<StreamSettings, 'description'>): void;
  onDelete(): void;
}

/** Beside the stream: how events come in, the parts of its source, its settings. */
export function StreamPanel({ view, project, tab, onTab, ...rest }: Given) {
  const comes: [StreamTab, string] = view.source ? ['parts', 'Partitions'] : ['push', 'How to push'];
  const tabs: [StreamTab, string][] = [...(view.origin === 'telemetry' ? [] : [comes]), ['settings', 'Settings']];
  const shown = tabs.some(([name]) => name === tab) ? tab : tabs[0]![0];
  return (
    <PanelTabs tabs={tabs} tab={shown} onTab={onTab}>
      {shown === 'push' && (
        <div className="insp">
          <HowToPush stream={view} project={project} />
        </div>
      )}
      {shown === 'parts' && view.source && <Parts source={view.source} />}
      {shown === 'settings' && <Settings view={view} {...rest} />}
    </PanelTabs>
  );
}
