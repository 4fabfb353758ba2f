/*
 * What is published in a project, told as it happens: one line to the server (server-sent events) a project and page, shared by
 * all who listen. The line is down while the tab is hidden, and comes back with growing pauses where it is refused or lost.
 * Whoever listens is told `again` when something may have been missed: after each return of the line, and on coming back to the
 * tab while there is none. Nothing here reads data.
 */

/** A dataset was published. */
export interface Published {
  datasetId: string;
  name: string;
  version: number;
}

export type LineState = 'live' | 'connecting' | 'lost';

export interface Told {
  published?(change: Published): void;
  /** Something may have been missed: read again. */
  again?(): void;
  /** The line's state is another. */
  state?(): void;
}

export interface Changes {
  state(): LineState;
  /** Opens the line with the first who listens and closes it with the last. Returns how to stop. */
  listen(told: Told): () => void;
}

/** The part of an EventSource that is used. */
export interface Source {
  addEventListener(type: 'open' | 'message' | 'error', listener: (event: Event) => void): void;
  close(): void;
}

/** Where the page is seen from: its visibility and focus. */
export interface Sight {
  isHidden(): boolean;
  /** Calls back when the page is shown, hidden or comes into focus. Returns how to stop. */
  watch(listener: () => void): () => void;
}

export interface ChangesParts {
  open(): Source;
  sight: Sight;
}

/** ms between tries; the last is kept to. */
const pauses = [1000, 2000, 5000, 10_000, 30_000];

export function watchChanges({ open, sight }: ChangesParts): Changes {
  const listeners = new Set<Told>();
  let state: LineState = 'connecting';
  let source: Source | null = null;
  let tries = 0;
  let wasLive = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unwatch = () => {};

  function become(next: LineState): void {
    if (state === next) return;
    state = next;
    for (const told of listeners) told.state?.();
  }

  function tellAgain(): void {
    for (const told of listeners) told.again?.();
  }

  function connect(): void {
    if (source || sight.isHidden()) return;
    clearTimeout(timer);
    const opened = open();
    source = opened;
    opened.addEventListener('open', opens);
    opened.addEventListener('message', tell);
    opened.addEventListener('error', lose);
  }

  function opens(): void {
    tries = 0;
    become('live');
    if (wasLive) tellAgain();
    wasLive = true;
  }

  function tell(event: Event): void {
    const change = parsePublished(String((event as MessageEvent).data));
    if (change) for (const told of listeners) told.published?.(change);
  }

  /** The browser's own tries are too eager, and end for good at a refusal. */
  function lose(): void {
    disconnect();
    become('lost');
    timer = setTimeout(connect, pauses[Math.min(tries, pauses.length - 1)]);
    tries += 1;
  }

  function disconnect(): void {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  function seen(): void {
    if (sight.isHidden()) {
      disconnect();
      return become('connecting');
    }
    if (state === 'lost') tellAgain();
    connect();
  }

  return {
    state: () => state,
    listen: (told) => {
      listeners.add(told);
      if (listeners.size === 1) {
        unwatch = sight.watch(seen);
        connect();
      }
      return () => {
        listeners.delete(told);
        if (listeners.size > 0) return;
        unwatch();
        disconnect();
        [state, wasLive, tries] = ['connecting', false, 0];
      };
    },
  };
}

export function parsePublished(text: string): Published | null {
  let value: Partial<Published> | null;
  try {
    value = JSON.parse(text) as Partial<Published> | null;
  } catch {
    return null; // Not ours; a proxy may put in what it likes.
  }
  const { datasetId, name, version } = value ?? {};
  return typeof datasetId === 'string' && typeof name === 'string' && typeof version === 'number'
    ? { datasetId, name, version }
    : null;
}

/** Calls at once, then at most once in `everyMs`; what comes in between is one call at its end. `stop` forgets it. */
export function paced(act: () => void, everyMs: number): { (): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  const rest = () => {
    timer = undefined;
    if (isDue) call();
  };
  const call = () => {
    isDue = timer !== undefined;
    if (isDue) return;
    timer = setTimeout(rest, everyMs);
    act();
  };
  return Object.assign(call, {
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
      isDue = false;
    },
  });
}

const ofPage: Sight = {
  isHidden: () => document.visibilityState === 'hidden',
  watch: (listener) => {
    document.addEventListener('visibilitychange', listener);
    window.addEventListener('focus', listener);
    return () => {
      document.removeEventListener('visibilitychange', listener);
      window.removeEventListener('focus', listener);
    };
  },
};

const lines = new Map<string, Changes>();

/** The page's one line of a project. */
export function changesOf(projectId: string): Changes {
  const known = lines.get(projectId);
  if (known) return known;
  const made = watchChanges({ open: () => new EventSource(`/api/projects/${projectId}/changes`), sight: ofPage });
  lines.set(projectId, made);
  return made;
}
