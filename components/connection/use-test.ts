import { useEffect, useRef, useState } from 'react';
import { testConnection } from '#lib/client/api/connections.ts';
import type { Refusal } from '#lib/client/call.ts';
import type { ConnectionInput } from '#lib/connection/settings.ts';
import type { Tested, TestStep } from '#lib/connection/view.ts';
import { markOf } from './form.ts';

export interface Trial {
  running: boolean;
  steps: readonly TestStep[];
  /** The whole of the last test; null before one ended. */
  tested: Tested | null;
  /** Why there was no test. */
  problem: Refusal | null;
  /** Whether the last test was of exactly these fields. */
  isOf(input: ConnectionInput): boolean;
  /** Whether the last test is the one that is kept with the connection. */
  isKept: boolean;
  start(input: ConnectionInput): void;
  stop(): void;
}

/** Tries what the fields say; its steps are shown as they are found. `kept`: the last test of what is saved. */
export function useTest(
  of: { projectId: string } | { id: string },
  kept: Tested | null,
  saved: ConnectionInput | null,
): Trial {
  const [state, setState] = useState({
    running: false,
    steps: kept?.steps ?? [],
    tested: kept,
    problem: null as Refusal | null,
    mark: saved ? markOf(saved) : '',
    isKept: kept !== null,
  });
  const stopping = useRef(new AbortController());
  useEffect(() => () => stopping.current.abort(), []);

  const start = (input: ConnectionInput) => {
    stopping.current.abort();
    const controller = new AbortController();
    stopping.current = controller;
    setState({ running: true, steps: [], tested: null, problem: null, mark: markOf(input), isKept: false });
    const onStep = (step: TestStep) => setState((now) => ({ ...now, steps: [...now.steps, step] }));
    testConnection(of, input, onStep, controller.signal).then(
      (answer) =>
        setState((now) => ({
          ...now,
          running: false,
          ...(answer.ok ? { steps: answer.value.steps, tested: answer.value } : { problem: answer.problem }),
        })),
      () => undefined, // stopped: whoever stopped it says what comes next
    );
  };
  return {
    ...state,
    isOf: (input) => state.tested !== null && state.mark === markOf(input),
    start,
    stop: () => {
      stopping.current.abort();
      setState((now) => ({ ...now, running: false }));
    },
  };
}
