import type { Command } from './commands.ts';
import { withEverywhere, type Place } from './places.ts';

export interface FrameActs {
  show(): void;
  toggleSide(): void;
  togglePanel(): void;
}

/** What can be done from every page: go to its places, and show or hide the frame's own parts. */
export function frameCommands(places: Place[], acts: FrameActs): Command[] {
  const does = { group: 'Do', bound: true } as const;
  return [
    ...withEverywhere(places).map(toCommand),
    { ...does, id: 'commands', label: 'Show all commands', icon: 'command', keys: 'mod+k', run: acts.show },
    { ...does, id: 'side', label: 'Show or hide the sidebar', icon: 'menu', keys: 'mod+\\', run: acts.toggleSide },
    {
      ...does,
      id: 'panel',
      label: 'Show or hide the panel',
      icon: 'panel-right',
      keys: 'shift+mod+\\',
      run: acts.togglePanel,
    },
  ];
}

function toCommand({ key, label, icon, href, keys }: Place): Command {
  return { id: `go-${key}`, group: 'Go to', bound: true, label, icon, href, keys };
}
