'use client';
import { useMemo } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';

interface Keys {
  /** Ids of runs, the newest first. */
  runs: string[];
  chosen: string | null;
  choose(id: string): void;
  /** What R asks for, where one may. */
  ask: { label: string; run(): void } | null;
}

/** R asks for a window; ↑ and ↓ walk through the runs. */
export function useRunKeys({ runs, chosen, choose, ask }: Keys): void {
  const commands = useMemo<Command[]>(() => {
    const walk = (by: 1 | -1) => () => {
      const next = runs[runs.findIndex((run) => run === chosen) + by];
      if (next) choose(next);
    };
    const step = (label: string, keys: string, by: 1 | -1): Command => ({
      id: `run-${keys}`,
      group: 'Do',
      label,
      keys,
      bound: true,
      run: walk(by),
    });
    const both = [step('Next older run', 'down', 1), step('Next newer run', 'up', -1)];
    if (!ask) return both;
    return [{ id: 'run-window', group: 'Do', icon: 'play', keys: 'r', bound: true, ...ask }, ...both];
  }, [runs, chosen, choose, ask]);
  useCommands(commands);
}
