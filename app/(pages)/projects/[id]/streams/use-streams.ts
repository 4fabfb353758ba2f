'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { showToast } from '#components/parts/toasts.ts';
import { createStream, listStreams, type StreamSpec, type StreamView } from '#lib/client/api/streams.ts';
import type { Answer, Refusal } from '#lib/client/call.ts';

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

/** Making one, and going to it; who closed the dialog or left the page meanwhile stays, and is told how it went. */
export function useNewStream(projectId: string) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  /** What is being made and waited for; null for nothing. It is known before the page is drawn again: a second click finds it. */
  const looking = useRef<symbol | null>(null);
  const leave = useCallback(() => {
    looking.current = null;
  }, []);
  useEffect(() => leave, [leave]);
  const open = useCallback(() => {
    setProblem(null);
    setBusy(false);
    setOpen(true);
  }, []);
  const close = () => {
    leave();
    setOpen(false);
  };
  const make = (spec: StreamSpec) => {
    if (looking.current) return;
    const mine = Symbol(spec.name);
    looking.current = mine;
    setBusy(true);
    setProblem(null);
    void createStream(projectId, spec).then((answer) => {
      if (looking.current !== mine) return showToast({ text: outcome(spec.name, answer) });
      if (!answer.ok) leave();
      setBusy(answer.ok);
      setProblem(answer.ok ? null : answer.problem);
      if (answer.ok) router.push(`/streams/${answer.value.id}`);
    });
  };
  return { isOpen, open, close, busy, problem, make };
}

function outcome(name: string, answer: Answer<StreamView>): string {
  return answer.ok ? `The stream ${name} is made.` : `The stream ${name} was not made. ${answer.problem.detail}`;
}
