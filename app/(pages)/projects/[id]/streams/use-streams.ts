'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { createStream, listStreams, type StreamSpec, type StreamView } from '#lib/client/api/streams.ts';
import type { Refusal } from '#lib/client/call.ts';

const everyMs = 3000;

/** The streams as they are now, looked at again while the page is in sight. */
export function useStreams(projectId: string, first: StreamView[], loadedAt: string) {
  const [state, setState] = useState({ streams: first, now: loadedAt, problem: null as string | null });
  useEffect(() => {
    const look = async () => {
      if (document.visibilityState === 'hidden') return;
      const answer = await listStreams(projectId);
      setState((before) =>
        answer.ok
          ? { streams: answer.value, now: new Date().toISOString(), problem: null }
          : { ...before, problem: answer.problem.detail },
      );
    };
    const timer = setInterval(() => void look(), everyMs);
    return () => clearInterval(timer);
  }, [projectId]);
  return state;
}

/** Making one, and going to it. */
export function useNewStream(projectId: string) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const open = useCallback(() => {
    setProblem(null);
    setOpen(true);
  }, []);
  const make = (spec: StreamSpec) => {
    setBusy(true);
    void createStream(projectId, spec).then((answer) => {
      setBusy(answer.ok);
      setProblem(answer.ok ? null : answer.problem);
      if (answer.ok) router.push(`/streams/${answer.value.id}`);
    });
  };
  return { isOpen, open, close: () => setOpen(false), busy, problem, make };
}
