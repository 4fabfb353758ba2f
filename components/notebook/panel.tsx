'use client';
import type { ReactNode } from 'react';
import { ChartBuilder } from '#components/chart/builder.tsx';
import { PanelTabs } from '#components/frame/panel-tabs.tsx';
import { useDesk, useHere, useView } from './context.tsx';
import type { PanelTab } from './desk.ts';
import { InputSettings } from './input-settings.tsx';
import { Outline } from './outline.tsx';
import { TablePanel } from './table-panel.tsx';

/** The right panel: the builder of the current chart or input, the outline, a table's columns. */
export function Panel() {
  const { desk } = useHere();
  const kind = useCurrentKind();
  const asked = useDesk((state) => state.panel);
  const tabs: [PanelTab, string][] = [
    ...(kind === 'chart' ? ([['chart', 'Chart']] as [PanelTab, string][]) : []),
    ...(kind === 'input' ? ([['input', 'Input']] as [PanelTab, string][]) : []),
    ['outline', 'Outline'],
    ['data', 'Data'],
  ];
  const tab = tabs.some(([name]) => name === asked) ? asked : 'outline';
  return (
    <PanelTabs tabs={tabs} tab={tab} onTab={(name) => desk.set({ panel: name })}>
      {contents[tab]}
    </PanelTabs>
  );
}

const contents: Record<PanelTab, ReactNode> = {
  chart: <ChartBuilder />,
  input: <InputSettings />,
  outline: <Outline />,
  data: <TablePanel />,
};

function useCurrentKind(): string | null {
  const current = useDesk((state) => state.current);
  return useView((view) => view.cells.find((each) => each.cell.id === current)?.cell.type ?? null);
}
