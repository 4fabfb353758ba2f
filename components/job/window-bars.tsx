import type { JobView } from '#lib/job/view.ts';
import { axisText } from '#components/parts/axis.ts';
import { Select } from '#components/parts/field.tsx';
import { clock } from '#components/parts/words.ts';
import { drawBars, type BarDrawn, type BarGiven } from './bars.ts';
import type { Measure } from './measures.ts';
import { windowTimes } from './words.ts';

export interface WindowBar extends BarGiven {
  runId: string | null;
  /** The exact number, as people read it. */
  text: string;
}

interface Given {
  job: JobView;
  bars: WindowBar[];
  watermark: string | null;
  measure: string;
  measures: Measure[];
  chosen: string | null;
  onMeasure(value: string): void;
  onChoose(runId: string): void;
}

const wide = { width: 1020, height: 162, left: 40, right: 928, top: 32, foot: 142 };
const narrow = { width: 346, height: 152, left: 40, right: 334, top: 32, foot: 132 };

/** Numbers of the windows as bars from zero; the open one is so far, hatched, with the watermark through it. */
export function WindowBars(given: Given) {
  const { bars, measure, measures, onMeasure } = given;
  const label = measures.find(({ value }) => value === measure)?.label ?? measure;
  return (
    <div className="bars-box">
      <div className="fig-s">
        <label>
          <span className="vh">Drawn for each window</span>
          <Select value={measure} onChange={(event) => onMeasure(event.target.value)}>
            {measures.map((each) => (
              <option key={each.value} value={each.value}>
                {each.label}
              </option>
            ))}
          </Select>
        </label>
        <span>in each window{bars.some((bar) => bar.isAgain) && '; ▾ published again'}</span>
      </div>
      <Picture {...given} label={label} box={wide} look="only-w" />
      <Picture {...given} label={label} bars={bars.slice(-14)} box={narrow} look="only-n" />
    </div>
  );
}

type PictureGiven = Given & { label: string; box: typeof wide; look: string };

function Picture({ job, bars, watermark, label, box, look, chosen, onChoose }: PictureGiven) {
  const drawn = drawBars(bars, watermark, box);
  const open = bars.find((bar) => bar.isOpen);
  return (
    <svg
      className={`chart ${look}`}
      viewBox={`0 0 ${box.width} ${box.height}`}
      role="img"
      aria-label={`${label} in each of the last ${bars.length} windows${open ? '; the open one is provisional' : ''}`}
    >
      <defs>
        <pattern
          id={`open-hatch-${look}`}
          width="4"
          height="4"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d="M0 0V4" className="hatch-l" />
        </pattern>
      </defs>
      {drawn.lines.map(({ value, y }) => (
        <g key={value}>
          <path className={value === 0 ? 'ax' : 'g'} d={`M${box.left} ${y}H${box.right}`} />
          <text x={box.left - 6} y={y + 4} textAnchor="end">
            {axisText(value)}
          </text>
        </g>
      ))}
      {drawn.bars.map((bar, index) => (
        <Bar
          key={bar.windowStart}
          bar={bar}
          given={bars[index]!}
          name={windowTimes(bar, job.window, job.timeZone)}
          isChosen={chosen !== null && bars[index]!.runId === chosen}
          box={box}
          look={look}
          onChoose={onChoose}
        />
      ))}
      {drawn.watermark !== null && (
        <>
          <path className="now-l" d={`M${drawn.watermark} ${box.top - 28}V${box.foot + 3}`} />
          <text x={drawn.watermark - 6} y={box.top - 20} textAnchor="end">
            watermark {clock(watermark!, job.timeZone, true)}
          </text>
        </>
      )}
      <Ticks bars={drawn.bars} job={job} y={box.height - 4} />
      {box === wide && <SideWords bars={drawn.bars} given={bars} job={job} x={box.right + 9} />}
    </svg>
  );
}

interface BarProps {
  bar: BarDrawn;
  given: WindowBar;
  name: string;
  isChosen: boolean;
  box: typeof wide;
  look: string;
  onChoose(runId: string): void;
}

/** The table under it offers the same by keyboard. */
function Bar({ bar, given, name, isChosen, box, look, onChoose }: BarProps) {
  const { x, y, width, height, outline } = bar;
  return (
    <g onClick={() => given.runId && onChoose(given.runId)}>
      <title>{`${name}: ${given.text}${bar.isOpen ? ' so far' : ''}`}</title>
      <rect className="hit" x={x} y={box.top} width={width} height={box.foot - box.top} />
      {height > 0 && (
        <rect
          className="bar"
          style={bar.isOpen ? { fill: `url(#open-hatch-${look})` } : undefined}
          x={x}
          y={y}
          width={width}
          height={height}
        />
      )}
      {outline && <rect className="prov" x={x} y={outline.y} width={width} height={outline.height} />}
      {isChosen && <rect className="sel" x={x - 2} y={y - 2} width={width + 4} height={height + 4} />}
      {bar.isAgain && bar.value !== null && (
        <path className="again" d={`M${x + width / 2 - 4} ${Math.min(y, box.foot) - 10}h8l-4 6z`} />
      )}
    </g>
  );
}

/** At most six times, of windows that begin on round ones where there are such. */
function Ticks({ bars, job, y }: { bars: BarDrawn[]; job: JobView; y: number }) {
  const every = Math.max(1, Math.ceil(bars.length / 6));
  const lengthMs = bars[0] ? Date.parse(bars[0].windowEnd) - Date.parse(bars[0].windowStart) : 1;
  const isRound = (bar: BarDrawn) => Math.round(Date.parse(bar.windowStart) / lengthMs) % every === 0;
  return bars.filter(isRound).map((bar) => (
    <text key={bar.windowStart} x={bar.x + bar.width / 2} y={y} textAnchor="middle">
      {windowTimes(bar, job.window, job.timeZone).split(' to ')[0]}
    </text>
  ));
}

/** Right of the bars: the open window's number so far, and the last whole one's. */
function SideWords({ bars, given, job, x }: { bars: BarDrawn[]; given: WindowBar[]; job: JobView; x: number }) {
  const start = (bar: BarGiven) => windowTimes(bar, job.window, job.timeZone).split(' to ')[0];
  const openAt = given.findIndex((bar) => bar.isOpen && bar.value !== null);
  const lastAt = given.findLastIndex((bar) => !bar.isOpen && bar.value !== null);
  const [open, last] = [given[openAt], given[lastAt]];
  const openY = Math.min(bars[openAt]?.y ?? 0, 108);
  const lastY = Math.max(14, Math.min(bars[lastAt]?.y ?? 0, open ? openY - 22 : 132));
  return (
    <>
      {last && (
        <text x={x} y={lastY + 4}>
          {last.text} at {start(last)}
        </text>
      )}
      {open && (
        <>
          <text className="lb" x={x} y={openY + 4}>
            {open.text}
          </text>
          <text x={x} y={openY + 19}>
            so far, {start(open)}
          </text>
        </>
      )}
    </>
  );
}
