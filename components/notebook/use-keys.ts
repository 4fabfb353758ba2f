'use client';
import { useEffect } from 'react';
import { readCommands } from '#components/frame/commands.ts';
import { applyFix } from '#components/cell/fix.ts';
import { actFor, type Act, type Place } from '#lib/client/keys/act.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { addCell } from './add-cell.ts';
import type { NotebookHere } from './context.tsx';
import { stepFrom, type Desk } from './desk.ts';
import { enterText, focusCell } from './focus.ts';
import { removeCell } from './remove.ts';

/*
 * The notebook's keys, heard before any editor hears them. What a key means is decided in lib/client/keys; here it is
 * done to the current cell. A key that is not ours goes on untouched.
 */

export function useKeys(here: NotebookHere): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isElsewhere(event.target)) return;
      if (isFrameKey(event)) return openFrame(event);
      const place = placeOf(event.target);
      const act = isLeaving(event) ? 'leave-text' : actFor(event, place);
      if (!act || (place === 'text' && (act === 'undo' || act === 'redo'))) return;
      if (!perform(act, here, event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [here]);
}

/** Where the focus is. */
function placeOf(target: EventTarget | null): Place {
  const element = target as HTMLElement | null;
  if (element?.closest?.('.monaco-editor, .code, .prose-edit')) return 'text';
  if (
    element?.closest?.(
      'input, textarea, select, [role="grid"], [role="radiogroup"], [role="group"], button, a, summary',
    )
  )
    return 'field';
  return element?.closest?.('[data-cell-id]') ? 'cell' : 'page';
}

/** Esc on code whose editor has not come yet: the editor itself knows better what Esc means in it. */
function isLeaving(event: KeyboardEvent): boolean {
  const element = event.target as HTMLElement | null;
  return event.key === 'Escape' && !event.shiftKey && Boolean(element?.matches?.('pre.code'));
}

/** Dialogs, menus and the palette have keys of their own. */
function isElsewhere(target: EventTarget | null): boolean {
  return Boolean((target as HTMLElement | null)?.closest?.('[role="dialog"], [role="menu"], [role="listbox"]'));
}

function isFrameKey(event: KeyboardEvent): boolean {
  const inEditor = Boolean((event.target as HTMLElement | null)?.closest?.('.monaco-editor'));
  return (
    inEditor && (event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k'
  );
}

/** Monaco would take ⌘K for the first half of a chord. */
function openFrame(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
  readCommands()
    .find((command) => command.id === 'commands')
    ?.run?.();
}

/** Does it; false when there is nothing to do it to. */
export function perform(act: Act, here: NotebookHere, event?: KeyboardEvent): boolean {
  const { store, desk } = here;
  if (act === 'run-stale') return done(runStale(store));
  if (act === 'undo') return done(store.act.undo());
  if (act === 'redo') return done(store.act.redo());
  if (act === 'previous') return step(here, -1);
  if (act === 'next') return step(here, 1);
  const cell = currentCell(store, desk);
  if (!cell) return false;
  if (act === 'run') return done(run(here, cell));
  if (act === 'run-advance') return done(runAndAdvance(here, cell));
  if (act === 'stop') return done(stop(store, cell));
  if (act === 'leave-text')
    return event?.target instanceof Element && event.target.closest('[role="grid"]')
      ? false
      : done(focusCell(desk, cell.id));
  if (act === 'enter-text') return done(enter(desk, cell));
  if (store.snapshot().role === 'reader') return false;
  return edit(act, here, cell);
}

function edit(act: Act, { store, desk }: NotebookHere, cell: Cell): boolean {
  switch (act) {
    case 'fix':
      return done(applyFix(store, cell, runOf(store, cell)?.error ?? null));
    case 'move-up':
    case 'move-down':
      store.act.move(cell.id, act === 'move-up' ? -1 : 1);
      return true;
    case 'add-above':
      return done(addCell(store, desk, { type: 'sql' }, { before: cell.id }));
    case 'add-below':
      return done(addCell(store, desk, { type: 'sql' }, { after: cell.id }));
    case 'markdown':
      return done(addCell(store, desk, { type: 'markdown' }, { after: cell.id }));
    case 'remove':
      return done(removeCell(store, desk, cell.id));
    case 'duplicate':
      return done(focusLater(desk, store.act.duplicate(cell.id)));
    case 'rename':
      return cell.type !== 'markdown' && done(desk.set({ renaming: cell.id }));
    case 'promote':
      return cell.type === 'sql' && done(desk.set({ promoting: cell.id }));
    default:
      return false;
  }
}

function run({ store, desk }: NotebookHere, cell: Cell): void {
  if (cell.type === 'markdown') desk.set({ writing: null });
  else store.act.run(cell.id);
}

function runAndAdvance(here: NotebookHere, cell: Cell): void {
  run(here, cell);
  const ids = idsOf(here.store);
  const next = stepFrom(ids, cell.id, 1);
  if (next && next !== cell.id) return focusCell(here.desk, next);
  if (here.store.snapshot().role !== 'reader') addCell(here.store, here.desk, { type: 'sql' }, { after: cell.id });
}

function runStale(store: NotebookStore): void {
  const stale = store.snapshot().cells.some((each) => each.run.state === 'stale');
  if (stale) store.act.runStale();
  else store.act.runAll();
}

/** Stops the current cell, or whatever runs. */
function stop(store: NotebookStore, cell: Cell): void {
  const busy = store.snapshot().cells.filter(({ run }) => run.state === 'running' || run.state === 'queued');
  const own = busy.find((each) => each.cell.id === cell.id);
  for (const each of own ? [own] : busy) store.act.stop(each.cell.id);
}

function enter(desk: Desk, cell: Cell): void {
  if (cell.type === 'markdown') desk.set({ writing: cell.id });
  else requestAnimationFrame(() => enterText(cell.id));
}

function step({ store, desk }: NotebookHere, by: 1 | -1): boolean {
  const next = stepFrom(idsOf(store), desk.read().current, by);
  if (next) focusCell(desk, next);
  return next !== null;
}

function focusLater(desk: Desk, id: string): void {
  if (id) requestAnimationFrame(() => focusCell(desk, id));
}

function currentCell(store: NotebookStore, desk: Desk): Cell | null {
  const { current } = desk.read();
  return store.snapshot().cells.find((each) => each.cell.id === current)?.cell ?? null;
}

function runOf(store: NotebookStore, cell: Cell) {
  return store.snapshot().cells.find((each) => each.cell.id === cell.id)?.run ?? null;
}

function idsOf(store: NotebookStore): string[] {
  return store.snapshot().cells.map((each) => each.cell.id);
}

/** The act was done, whatever it gave. */
function done(_outcome: unknown): true {
  return true;
}
