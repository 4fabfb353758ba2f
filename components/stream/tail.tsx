'use client';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { tailColumns, type Watched } from '#lib/client/stream/watch.ts';
import { kindOf } from '#lib/table/kind.ts';
import { Button } from '#components/parts/button.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { Section } from '#components/parts/section.tsx';
import { clock, count, whole } from '#components/parts/words.ts';
import { TailRow } from './tail-row.tsx';
import { rateWords } from './words.ts';

export interface TailActs {
  hold(): void;
  goOn(): void;
  filter(condition: string): void;
  /** A cell that reads the last minutes; null for those who may not. */
  query: (() => void) | null;
}

interface Given {
  watched: Watched;
  zone: string;
  acts: TailActs;
}

/** What comes, as it comes, the newest first. It holds while someone reads, and says how much waits. */
export function LiveTail({ watched, zone, acts }: Given) {
  const { view, tail } = watched;
  const frame = useRef<HTMLDivElement>(null);
  const isHeld = tail.heldAt !== null;
  useHoldWhileRead(frame, isHeld, acts);
  const goOn = () => {
    frame.current?.scrollTo({ top: 0 });
    document.getSelection()?.removeAllRanges();
    acts.goOn();
  };
  useSpace(isHeld ? goOn : acts.hold);
  return (
    <Section title="Live tail" clause={tailClause(watched)}>
      <div className="tailbar">
        <FilterField watched={watched} onFilter={acts.filter} />
        <Button size="small" icon={isHeld ? 'play' : 'pause'} keys="space" onClick={isHeld ? goOn : acts.hold}>
          {isHeld ? 'Go on' : 'Hold'}
        </Button>
        {acts.query && (
          <Button kind="bare" size="small" className="wide" onClick={acts.query}>
            Last 15 min as a cell
          </Button>
        )}
      </div>
      <p className={isHeld ? 'held' : 'held moves'} role="status">
        {isHeld ? (
          <>
            <Icon name="pause" size="small" />
            <span>
              Held at {clock(new Date(tail.heldAt!), zone, true)} while you read. {waitingWords(watched)}
            </span>
          </>
        ) : (
          <span>{movingWords(watched)}</span>
        )}
      </p>
      <TailTable watched={watched} zone={zone} frame={frame} />
      <p className="mut under-tail">
        {view.columns.length > 0 && `The last ${whole(tail.inHand)} are in hand; all that are kept can be queried.`}
      </p>
    </Section>
  );
}

function TailTable({ watched, zone, frame }: Omit<Given, 'acts'> & { frame: React.RefObject<HTMLDivElement | null> }) {
  const { view, tail, filter, at } = watched;
  const columns = tailColumns(view);
  const label = tail.heldAt === null ? 'Live tail' : 'Live tail, held';
  return (
    <div className="grid tail" tabIndex={0} role="region" aria-label={label} ref={frame}>
      <table>
        <thead>
          <tr>
            <th>
              <span className="vh">state</span>
            </th>
            {columns.map(({ name, type }) => (
              <th key={name} className={kindOf(type) === 'number' ? 'num' : undefined}>
                {name}
              </th>
            ))}
            <th className="num">offset</th>
          </tr>
        </thead>
        <tbody>
          {tail.rows.map((entry) => (
            <TailRow key={entry.id} entry={entry} columns={columns} eventTime={view.eventTime} zone={zone} now={at} />
          ))}
        </tbody>
      </table>
      {tail.rows.length === 0 && (
        <p className="norow">
          {filter.state === 'good' ? 'None of the events in hand match.' : 'The newest events are being read.'}
        </p>
      )}
    </div>
  );
}

function FilterField({ watched, onFilter }: { watched: Watched; onFilter(condition: string): void }) {
  const { filter, view } = watched;
  const [text, setText] = useState('');
  const example = view.columns.find(({ type }) => type === 'VARCHAR')?.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFilter(text);
  };
  // What is typed is asked when one pauses; Enter asks at once.
  useEffect(() => {
    if (text.trim() === filter.condition) return;
    const timer = setTimeout(() => onFilter(text), 600);
    return () => clearTimeout(timer);
  }, [text, filter.condition, onFilter]);
  const isWrong = filter.state === 'wrong' && filter.condition === text.trim();
  return (
    <form className="tail-filter" onSubmit={submit}>
      <label className={isWrong ? 'field mono bad' : 'field mono'}>
        <Icon name="list-filter" />
        <input
          aria-label="Show only events where"
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? 'filter-says' : undefined}
          placeholder={example ? `${example} = '…'` : 'a condition, as after WHERE'}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && (setText(''), onFilter(''))}
        />
      </label>
      {isWrong && (
        <span id="filter-says" className="st-fail says" role="alert">
          {filter.why}
        </span>
      )}
    </form>
  );
}

function tailClause({ filter, tail, view }: Watched): string {
  if (filter.state === 'asking') return 'the engine of this page is asked';
  if (filter.state !== 'good') return `${rateWords(view.rate)} a second, the newest first`;
  return `${whole(tail.matching)} of the last ${whole(tail.inHand)} match`;
}

function waitingWords({ tail, filter }: Watched): string {
  if (tail.waiting === 0) return filter.condition ? 'No newer event matches so far.' : 'No newer event has come.';
  const newer = `${whole(tail.waiting)} newer ${tail.waiting === 1 ? 'event' : 'events'}`;
  if (filter.condition) return `${newer} ${tail.waiting === 1 ? 'matches and waits' : 'match and wait'}.`;
  return `${newer} ${tail.waiting === 1 ? 'waits' : 'wait'}.`;
}

function movingWords({ passed, view }: Watched): string {
  if (passed > 0) return `${count(passed, 'event')} came faster than they can be read, and were passed over here.`;
  return view.isIdle ? 'Nothing comes at the moment.' : 'It holds by itself while you scroll or select.';
}

/** Scrolling down or selecting in it holds it; back at the top with nothing selected it goes on. */
function useHoldWhileRead(frame: React.RefObject<HTMLDivElement | null>, isHeld: boolean, acts: TailActs): void {
  const byItself = useRef(false);
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    const judge = () => {
      const selection = document.getSelection();
      const selects = Boolean(selection && !selection.isCollapsed && box.contains(selection.anchorNode));
      const reads = box.scrollTop > 4 || selects;
      if (reads && !isHeld) {
        byItself.current = true;
        acts.hold();
      }
      if (!reads && isHeld && byItself.current) {
        byItself.current = false;
        acts.goOn();
      }
    };
    if (!isHeld) byItself.current = false;
    box.addEventListener('scroll', judge, { passive: true });
    document.addEventListener('selectionchange', judge);
    return () => {
      box.removeEventListener('scroll', judge);
      document.removeEventListener('selectionchange', judge);
    };
  }, [frame, isHeld, acts]);
}

/** Space is for the tail unless something in focus has a use for it. */
function useSpace(toggle: () => void): void {
  const latest = useRef(toggle);
  useEffect(() => {
    latest.current = toggle;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey) return;
      if ((event.target as HTMLElement | null)?.closest?.(busy)) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

const busy = 'button, a[href], input, textarea, select, summary, [role="dialog"], [role="menu"], [contenteditable]';
