'use client';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { TopLevelSpec } from 'vega-lite';
import { chartConfig, watchColours } from './theme.ts';

interface Given {
  spec: TopLevelSpec;
  /** What the chart shows, for those who do not see it. */
  label: string;
  /** px */
  height: number;
}

/*
 * Draws a Vega-Lite spec. Expressions are walked by the interpreter, never compiled, so no `unsafe-eval` is needed; the
 * loader refuses every address, so a spec, whoever wrote it, can fetch nothing.
 */
export function VegaView({ spec, label, height }: Given) {
  const scheme = useScheme();
  const box = useRef<HTMLDivElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let gone = false;
    let end = () => {};
    void draw(element, spec, scheme).then(
      (stop) => {
        if (gone) return stop();
        end = stop;
        setWrong(null);
      },
      (error: unknown) => !gone && setWrong(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      gone = true;
      end();
    };
  }, [spec, scheme]);
  return (
    <>
      {wrong && <p className="st-fail">This cannot be drawn: {wrong}</p>}
      <div className="vega" ref={box} role="img" aria-label={label} style={{ height }} />
    </>
  );
}

/** Light or dark, as the page is now. */
function useScheme(): string {
  return useSyncExternalStore(
    watchColours,
    () => getComputedStyle(document.documentElement).colorScheme,
    () => 'light',
  );
}

async function draw(element: HTMLElement, spec: TopLevelSpec, scheme: string): Promise<() => void> {
  const [{ default: embed }, { expressionInterpreter }] = await Promise.all([
    import('vega-embed'),
    import('vega-interpreter'),
  ]);
  const stage = document.createElement('div');
  stage.className = 'vega-stage';
  stage.dataset.scheme = scheme;
  const old = [...element.children];
  element.append(stage);
  const view = await embed(stage, spec, {
    mode: 'vega-lite',
    ast: true,
    expr: expressionInterpreter,
    actions: false,
    renderer: 'svg',
    defaultStyle: false,
    hover: false,
    loader: refusing,
    tooltip: { theme: 'custom', disableDefaultStyle: true },
    config: chartConfig(getComputedStyle(document.documentElement)),
  });
  for (const each of old) each.remove();
  return () => {
    view.finalize();
    if (stage.nextElementSibling) stage.remove();
    else queueMicrotask(() => stage.nextElementSibling && stage.remove());
  };
}

const refuse = () => Promise.reject(new Error('A chart may not fetch anything.'));

/** A Vega loader that loads nothing. */
export const refusing = {
  options: {},
  load: refuse,
  sanitize: refuse,
  http: refuse,
  file: refuse,
};
