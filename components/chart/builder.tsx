'use client';
import { useEffect, type ReactNode } from 'react';
import { useDesk, useHere, useMayEdit, useView } from '#components/notebook/context.tsx';
import { Kept } from '#components/notebook/input-settings.tsx';
import { Select } from '#components/parts/field.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { Switch } from '#components/parts/switch.tsx';
import type { ChartSpec } from '#lib/notebook/cell.ts';
import { PointsWords } from './points.tsx';
import { aggregateWords, chartTypes, sortWords, unitWords } from './words.ts';

/** The builder of the current chart: what it draws, how, and what it says. Each change is drawn at once. */
export function ChartBuilder() {
  const { store } = useHere();
  const mayEdit = useMayEdit();
  const current = useDesk((state) => state.current);
  const cell = useView((view) => view.cells.find((each) => each.cell.id === current)?.cell);
  const sources = useSources();
  if (!cell?.chart) return null;
  const { chart } = cell;
  const source = sources.find((each) => each.name === chart.from);
  const columns = source?.columns ?? [];
  const set = (change: Partial<ChartSpec>) => store.act.setChart(cell.id, change);
  const plain = chart.type === 'number' || chart.type === 'histogram';
  return (
    <fieldset className="insp-set" disabled={!mayEdit}>
      <div className="insp">
        <Row label="Rows from">
          <Select mono value={chart.from} onChange={(event) => set({ from: event.target.value })}>
            {!source && <option value={chart.from}>{chart.from || 'Choose a cell'}</option>}
            {sources.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Row>
      </div>
      <div className="insp">
        <h2 id="chart-type">Type</h2>
        <div className="types" role="radiogroup" aria-labelledby="chart-type">
          {chartTypes.map(({ type, label, icon }) => (
            <button
              key={type}
              type="button"
              role="radio"
              aria-checked={chart.type === type}
              className={chart.type === type ? 'on' : undefined}
              onClick={() => set({ type })}
            >
              <Icon name={icon} size="large" />
              {label}
            </button>
          ))}
        </div>
      </div>
      <div className="insp">
        <h2>Axes</h2>
        {chart.type !== 'number' && (
          <Row label="X">
            <span className="two">
              <Columns label="X column" value={chart.x} columns={columns} none="none" onChange={(x) => set({ x })} />
              <Words label="X unit" value={chart.xUnit} words={unitWords} onChange={(xUnit) => set({ xUnit })} />
            </span>
          </Row>
        )}
        {chart.type !== 'histogram' && (
          <Row label={chart.type === 'number' ? 'Value' : 'Y'}>
            <span className="two">
              <Columns label="Y column" value={chart.y} columns={columns} none="rows" onChange={(y) => set({ y })} />
              <Words
                label="Y aggregate"
                value={chart.aggregate}
                words={aggregateWords}
                onChange={(aggregate) => set({ aggregate })}
              />
            </span>
          </Row>
        )}
        {!plain && (
          <Row label="From zero">
            <span className="end">
              <Switch label="From zero" checked={chart.zero} disabled={!mayEdit} onChange={(zero) => set({ zero })} />
            </span>
          </Row>
        )}
      </div>
      {chart.type !== 'number' && (
        <div className="insp">
          <h2>Groups</h2>
          <Row label="Colour">
            <Columns
              label="Colour"
              value={chart.color}
              columns={columns}
              none="one colour"
              onChange={(color) => set({ color })}
            />
          </Row>
          <Row label="Order">
            <Words label="Order" value={chart.sort} words={sortWords} onChange={(sort) => set({ sort })} />
          </Row>
          {(chart.type === 'bar' || chart.type === 'area') && chart.color && (
            <Row label="Stacked">
              <span className="end">
                <Switch
                  label="Stacked"
                  checked={chart.stack}
                  disabled={!mayEdit}
                  onChange={(stack) => set({ stack })}
                />
              </span>
            </Row>
          )}
        </div>
      )}
      <div className="insp">
        <h2>Words</h2>
        <Row label="Title">
          <Kept label="Title" value={chart.title} onKeep={(title) => set({ title })} />
        </Row>
        <Row label="Subtitle">
          <Kept label="Subtitle" value={chart.subtitle} onKeep={(subtitle) => set({ subtitle })} />
        </Row>
      </div>
      <div className="insp last">
        <PointsWords cellId={cell.id} spec={chart} />
      </div>
    </fieldset>
  );
}

interface Source {
  name: string;
  columns: { name: string; type: string }[];
}

/** The cells a chart may draw. */
function useSources(): Source[] {
  const { store } = useHere();
  const cells = useView((view) => view.cells);
  return cells
    .filter(({ cell }) => cell.type === 'sql' || cell.type === 'typescript')
    .map(({ cell }) => {
      const result = store.result(cell.id);
      return { name: cell.name, columns: result?.columns ?? [] };
    });
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="prow">
      <span>{label}</span>
      {children}
    </div>
  );
}

interface ColumnsGiven {
  label: string;
  value: string;
  columns: { name: string; type: string }[];
  /** What no column means. */
  none: string;
  onChange(value: string): void;
}

function Columns({ label, value, columns, none, onChange }: ColumnsGiven) {
  const known = value === '' || columns.some((column) => column.name === value);
  return (
    <Select
      mono={value !== ''}
      wrong={!known && columns.length > 0}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{none}</option>
      {!known && <option value={value}>{value}</option>}
      {columns.map((column) => (
        <option key={column.name}>{column.name}</option>
      ))}
    </Select>
  );
}

function Words<V extends string>({
  label,
  value,
  words,
  onChange,
}: {
  label: string;
  value: V;
  words: Record<V, string>;
  onChange(value: V): void;
}) {
  return (
    <Select aria-label={label} value={value} onChange={(event) => onChange(event.target.value as V)}>
      {(Object.entries(words) as [V, string][]).map(([each, word]) => (
        <option key={each} value={each}>
          {word}
        </option>
      ))}
    </Select>
  );
}

/** Opens on the chart that was just made current. */
export function useChartFirst(): void {
  const { desk } = useHere();
  const current = useDesk((state) => state.current);
  const type = useView((view) => view.cells.find((each) => each.cell.id === current)?.cell.type);
  useEffect(() => {
    if (type === 'chart') desk.set({ panel: 'chart' });
    if (type === 'input') desk.set({ panel: 'input' });
  }, [desk, type]);
}
