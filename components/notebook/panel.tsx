'use client';
import type { ReactNode } from 'react';
import { ChartBuilder } from '#components/chart/builder.tsx';
import { IconButton } from '#components/parts/icon-button.tsx';
import { useFrame } from '#components/frame/use-layout.ts';
import { useDesk, useHere, useView } from './context.tsx';
import type { PanelTab } from './desk.ts';
import { InputSettings } from './input-settings.tsx';
import { Outline } from './outline.tsx';
import { TablePanel } from './table-panel.tsx';

/** The right panel: the builder of the current chart or input, the outline, a table's columns. */
export function Panel() {
  const { desk } = useHere();
  const { hidePanel } = useFrame();
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
    <>
      <div className="tabs" role="tablist" aria-label="Panel">
        {tabs.map(([name, label]) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === tab}
            className={name === tab ? 'on' : undefined}
            onClick={() => desk.set({ panel: name })}
          >
            {label}
          </button>
        ))}
        <IconButton icon="x" label="Close panel" keys="shift+mod+\" onClick={hidePanel} />
      </div>
      <div className="panel-scroll" role="tabpanel" aria-label={tab}>
        {contents[tab]}
      </div>
    </>
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
