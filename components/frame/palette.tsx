'use client';
import { Command as Cmdk } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useMemo, useState } from 'react';
import { Icon } from '#components/parts/icon.tsx';
import { Kbd } from '#components/parts/kbd.tsx';
import { useReturnFocus } from '#components/parts/return-focus.ts';
import { useAllCommands, type Command } from './commands.ts';
import { match, type Match } from './match.ts';

interface Given {
  open: boolean;
  /** Where it looks: the project's name. */
  place?: string;
  onClose(): void;
  onChoose(command: Command): void;
}

/** One list over places and acts; what matches is underlined, the key stands at the right. */
export function Palette({ open, place, onClose, onChoose }: Given) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="pal" aria-describedby={undefined} {...useReturnFocus()}>
          <Dialog.Title className="vh">Commands</Dialog.Title>
          <Search place={place} onChoose={onChoose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Search({ place, onChoose }: Pick<Given, 'place' | 'onChoose'>) {
  const commands = useAllCommands();
  const [query, setQuery] = useState('');
  const found = useMemo(() => find(commands, query), [commands, query]);
  return (
    <Cmdk shouldFilter={false} loop label="Commands">
      <div className="q">
        <Icon name="search" size="large" />
        <Cmdk.Input value={query} onValueChange={setQuery} placeholder="Go to a place, or do something" />
        {place && <span className="mut wide">in {place}</span>}
      </div>
      <Cmdk.List>
        <Cmdk.Empty>Nothing here is called “{query}”. Try a part of its name.</Cmdk.Empty>
        {(['Go to', 'Do'] as const).map((group) => (
          <Group key={group} group={group} found={found} onChoose={onChoose} />
        ))}
      </Cmdk.List>
      <div className="ft">
        <span className="wide">
          <Kbd keys="up down" /> choose
        </span>
        <span className="wide">
          <Kbd keys="enter" /> do it
        </span>
        <span className="end">
          {found.length} of {commands.length}
        </span>
      </div>
    </Cmdk>
  );
}

interface Found {
  command: Command;
  match: Match;
}

/** Beyond it more must be written. */
const mostShown = 60;

function find(commands: Command[], query: string): Found[] {
  const isAsked = query.trim() !== '';
  const shorter = (a: Found, b: Found) => (isAsked ? a.command.label.length - b.command.label.length : 0);
  return commands
    .filter(({ searched }) => !searched || isAsked)
    .map((command) => ({ command, match: match(query, command.label) }))
    .filter((found): found is Found => found.match !== null)
    .sort((a, b) => b.match.score - a.match.score || shorter(a, b))
    .slice(0, mostShown);
}

function Group({ group, found, onChoose }: { group: Command['group']; found: Found[]; onChoose: Given['onChoose'] }) {
  const items = found.filter(({ command }) => command.group === group);
  if (!items.length) return null;
  return (
    <Cmdk.Group heading={group}>
      {items.map(({ command, match }) => (
        <Cmdk.Item key={command.id} value={command.id} onSelect={() => onChoose(command)}>
          <Icon name={command.icon ?? 'command'} />
          <Marked text={command.label} ranges={match.ranges} mono={command.mono} />
          {command.hint && <span className="m">{command.hint}</span>}
          {command.keys && (
            <span className="r">
              <Kbd keys={command.keys} />
            </span>
          )}
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}

function Marked({ text, ranges, mono }: { text: string; ranges: Match['ranges']; mono?: boolean }) {
  const parts = ranges.map(([start, end], index) => (
    <span key={start}>
      {text.slice(ranges[index - 1]?.[1] ?? 0, start)}
      <mark>{text.slice(start, end)}</mark>
    </span>
  ));
  return (
    <span className={mono ? 'mono' : undefined}>
      {parts}
      {text.slice(ranges.at(-1)?.[1] ?? 0)}
    </span>
  );
}
