'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Person } from '#components/parts/avatar.tsx';
import { IconButton } from '#components/parts/icon-button.tsx';
import { Kbd } from '#components/parts/kbd.tsx';
import { Toaster } from '#components/parts/toaster.tsx';
import { useCommands, type Command } from './commands.ts';
import { frameCommands } from './own-commands.ts';
import { Crumbs, type Crumb } from './crumbs.tsx';
import { Drawer } from './drawer.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { mayLeaveFor } from './leaving.ts';
import { gridClass } from './layout.ts';
import { Palette } from './palette.tsx';
import { placesOf, workspacePlaces, type Place, type PlaceKey } from './places.ts';
import { Rail } from './rail.tsx';
import { Remember } from './remember.tsx';
import { useHotkeys } from './use-hotkeys.ts';
import { useNames } from './use-names.ts';
import { LayoutContext, useLayoutState, type Layout } from './use-layout.ts';

/*
 * The frame around every page: rail, sidebar, bar, page, panel, status line. It owns what is in sight (⌘\ and ⇧⌘\), the
 * palette (⌘K), the keys of bound commands and the toast. People, places and parts are
 * given; of data it knows only the names that the palette finds.
 */
export interface FrameGiven {
  me: Person;
  project?: { id: string; name: string };
  at?: PlaceKey;
  crumbs: Crumb[];
  /** Reviews that wait for this person. */
  waiting?: number;
  /** The right end of the bar: people, acts, one primary button. */
  acts?: ReactNode;
  side?: ReactNode;
  panel?: ReactNode;
  panelLabel?: string;
  /** Acts at the foot where there is no room for the panel: below 1100. */
  sheet?: ReactNode;
  /** The left of the status line: one element a field. */
  status?: ReactNode;
  /** The time zone that times are said in. */
  zone?: string;
  /** The class of the page itself: `page`, `page wide-page`, `nb`. */
  look?: string;
  children: ReactNode;
}

export function Frame(given: FrameGiven) {
  const { me, project, at, waiting, crumbs, side, panel, sheet, panelLabel = 'Panel', look = 'page', children } = given;
  const layout = useLayoutState();
  const app = useListening();
  const places = useMemo(() => (project ? placesOf(project.id) : workspacePlaces), [project]);
  const palette = usePalette(places, layout);
  useNames(project?.id, palette.open);
  const rail = { me, places, at, waiting };
  const beside = {
    side: Boolean(side) && (layout.sideShown || !layout.wide),
    panel: Boolean(panel) && (layout.panelShown || !layout.wide),
  };
  return (
    <LayoutContext value={layout}>
      <div className={gridClass(beside.side, beside.panel)} ref={app}>
        <a className="skip" href="#page">
          To the page
        </a>
        <Rail {...rail} />
        {beside.side && (
          <aside className="side" aria-label={project?.name ?? 'Workspace'}>
            {layout.wide && side}
          </aside>
        )}
        <Top {...given} />
        <main id="page" className={`doc ${look}`} tabIndex={-1}>
          {children}
        </main>
        {beside.panel && (
          <aside className={layout.wide || !layout.panelShown ? 'panel' : 'panel open'} aria-label={panelLabel}>
            {panel}
          </aside>
        )}
        {sheet && <div className="sheet">{sheet}</div>}
        <Status {...given} onCommands={palette.show} />
      </div>
      <Drawer
        {...rail}
        open={!layout.wide && layout.sideShown}
        title={project?.name ?? 'Lodestar'}
        onClose={layout.hideSide}
      >
        {side}
      </Drawer>
      <Palette open={palette.open} place={project?.name} onClose={palette.hide} onChoose={palette.choose} />
      <LeaveDialog />
      <Toaster />
      <Remember title={crumbs.map((crumb) => crumb.label).join(' / ')} />
    </LayoutContext>
  );
}

function Top({ crumbs, acts }: FrameGiven) {
  return (
    <LayoutContext.Consumer>
      {(layout) => (
        <header className="top">
          <IconButton
            className="menu-b"
            icon="menu"
            size="large"
            label="Menu"
            keys="mod+\"
            onClick={layout.toggleSide}
          />
          <Crumbs crumbs={crumbs} />
          <span className="sp" />
          {acts}
        </header>
      )}
    </LayoutContext.Consumer>
  );
}

function Status({ status, zone, onCommands }: FrameGiven & { onCommands(): void }) {
  return (
    <footer className="status">
      {status}
      <span className="sp" />
      {zone && <span className="wide">{zone}</span>}
      <button type="button" onClick={onCommands}>
        Commands <Kbd keys="mod+k" />
      </button>
    </footer>
  );
}

/** Marks the page once it listens to keys, for those who press them by machine. */
function useListening() {
  const app = useRef<HTMLDivElement>(null);
  useEffect(() => app.current?.setAttribute('data-ready', ''), []);
  return app;
}

/** The palette's state, its own commands and what choosing one does. */
function usePalette(places: Place[], layout: Layout) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const show = useCallback(() => setOpen(true), []);
  const hide = useCallback(() => setOpen(false), []);
  const choose = useCallback(
    (command: Command) => {
      setOpen(false);
      if (!command.href) command.run?.();
      else if (mayLeaveFor(command.href)) router.push(command.href);
    },
    [router],
  );
  const { toggleSide, togglePanel } = layout;
  const commands = useMemo(
    () => frameCommands(places, { show, toggleSide, togglePanel }),
    [places, show, toggleSide, togglePanel],
  );
  useCommands(commands);
  useHotkeys(choose);
  return { open, show, hide, choose };
}
