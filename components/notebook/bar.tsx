'use client';
import { useState } from 'react';
import { Avatars } from '#components/parts/avatar.tsx';
import { Button } from '#components/parts/button.tsx';
import { IconButton } from '#components/parts/icon-button.tsx';
import { useFrame } from '#components/frame/use-layout.ts';
import { useHere, useView } from './context.tsx';

/** The right end of the bar: who is here, undo, the link to share, and the one primary act. */
export function Bar() {
  return (
    <>
      <Here />
      <span className="vr wide" />
      <History />
      <Share />
      <PanelButton />
      <RunButton />
    </>
  );
}

function Here() {
  const people = useView((view) => view.people);
  const cells = useView((view) => view.cells);
  const others = people
    .filter((person) => !person.isSelf)
    .map((person) => ({
      id: person.userId,
      name: person.name,
      place: placeOf(cells.find((each) => each.cell.id === person.cellId)?.cell),
    }));
  const unique = [...new Map(others.map((person) => [person.id, person])).values()];
  return <Avatars people={unique} />;
}

function placeOf(cell: { name: string } | undefined): string | undefined {
  if (!cell) return undefined;
  return cell.name ? `in ${cell.name}` : 'in a text';
}

function History() {
  const { store } = useHere();
  const canUndo = useView((view) => view.canUndo);
  const canRedo = useView((view) => view.canRedo);
  if (!canUndo && !canRedo) return null;
  return (
    <span className="wide">
      <IconButton icon="undo-2" label="Undo" keys="mod+z" disabled={!canUndo} onClick={() => store.act.undo()} />
    </span>
  );
}

/** The address is the link: who may read the project can open it. */
function Share() {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(location.origin + location.pathname);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button kind="bare" size="small" className="wide" icon={copied ? 'check' : 'link'} onClick={() => void copy()}>
      {copied ? 'Link copied' : 'Share'}
    </Button>
  );
}

function PanelButton() {
  const { togglePanel, panelShown } = useFrame();
  if (panelShown) return null;
  return <IconButton icon="panel-right" label="Show the panel" keys="shift+mod+\" onClick={togglePanel} />;
}

function RunButton() {
  const { store } = useHere();
  const stale = useView((view) => view.cells.some((each) => each.run.state === 'stale'));
  return stale ? (
    <Button kind="main" size="small" icon="play" keys="shift+mod+enter" onClick={() => store.act.runStale()}>
      Run stale
    </Button>
  ) : (
    <Button kind="main" size="small" icon="play" keys="shift+mod+enter" onClick={() => store.act.runAll()}>
      Run all
    </Button>
  );
}
