'use client';
import type { ReactNode } from 'react';
import { IconButton } from '#components/parts/icon-button.tsx';
import { useFrame } from './use-layout.ts';

interface Given<T extends string> {
  tabs: [name: T, label: string][];
  tab: T;
  onTab(tab: T): void;
  /** What the chosen one holds. */
  children: ReactNode;
}

/** The right panel, where it has several parts: one is in sight. */
export function PanelTabs<T extends string>({ tabs, tab, onTab, children }: Given<T>) {
  const { hidePanel } = useFrame();
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
            onClick={() => onTab(name)}
          >
            {label}
          </button>
        ))}
        <IconButton icon="x" label="Close panel" keys="shift+mod+\" onClick={hidePanel} />
      </div>
      <div className="panel-scroll" role="tabpanel" aria-label={tab}>
        {children}
      </div>
    </>
  );
}
