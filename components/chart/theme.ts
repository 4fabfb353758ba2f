import type { Config } from 'vega-lite';

/** Vega-Lite's looks out of the page's tokens: hairlines, muted axes, eight data colours in their order. */
export function chartConfig(style: CSSStyleDeclaration): Config {
  const token = (name: string) => style.getPropertyValue(name).trim();
  const font = token('--font-ui') || 'sans-serif';
  const text = { labelFont: font, titleFont: font, labelFontSize: 11, titleFontSize: 11 };
  const data = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`--data-${n}`));
  return {
    background: 'transparent',
    font,
    view: { stroke: null },
    padding: 0,
    axis: {
      ...text,
      labelColor: token('--ink-3'),
      titleColor: token('--ink-3'),
      titleFontWeight: 400,
      labelPadding: 6,
      gridColor: token('--line'),
      gridWidth: 1,
      domainColor: token('--rule'),
      tickColor: token('--rule'),
      tickSize: 4,
    },
    axisY: { domain: false, ticks: false, tickCount: 4 },
    axisX: { grid: false },
    axisXBand: { labelAngle: 0, labelLimit: 96, labelOverlap: 'greedy' },
    legend: {
      ...text,
      labelColor: token('--ink-2'),
      titleColor: token('--ink-3'),
      titleFontWeight: 400,
      orient: 'top',
      symbolSize: 60,
      titleOrient: 'left',
    },
    line: { strokeWidth: 1.75, strokeJoin: 'round' },
    area: { fillOpacity: 0.85 },
    bar: { discreteBandSize: { band: 0.76 } },
    point: { size: 28, filled: true },
    rule: { color: token('--ink-3') },
    text: { font, fontSize: 12, fontWeight: 600, color: token('--ink') },
    mark: { color: data[0], tooltip: true },
    range: { category: data, heatmap: { scheme: 'blues' } },
  };
}

/** Tells when the page changes between light and dark. */
export function watchColours(onChange: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const watcher = new MutationObserver(onChange);
  media.addEventListener('change', onChange);
  watcher.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    media.removeEventListener('change', onChange);
    watcher.disconnect();
  };
}
