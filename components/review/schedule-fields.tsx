import { nextTimes, scheduleWords } from '#lib/job/schedule.ts';
import type { CalendarUnit } from '#lib/job/spec.ts';
import { FormRow, Input } from '#components/parts/field.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import { clock, day } from '#components/parts/words.ts';
import type { Part } from './check-fields.tsx';
import { scheduleOf, type FormProblems, type OutputPlace } from './promotion-form.ts';

type Given = Part & {
  writes: { connection: string; schema: string } | null;
  now: string;
  wrong: FormProblems;
};

const units: { value: CalendarUnit; label: string }[] = [
  { value: 'hour', label: 'Hour' },
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
];

/** For which windows a job with a schedule answers, when it runs, where it writes. */
export function ScheduleFields({ form, set, writes, now, wrong }: Given) {
  const cron = scheduleOf(form);
  return (
    <>
      {writes && form.place && (
        <FormRow label="Kept" hint={keptHint(form.place)}>
          {() => (
            <Segmented
              label="Where the output is kept"
              value={form.place!}
              choices={[
                { value: 'connection', label: `On ${writes.connection}` },
                { value: 'warehouse', label: 'In the warehouse here' },
              ]}
              onChange={(place) => set({ place })}
            />
          )}
        </FormRow>
      )}
      <FormRow label="Window" hint={`{{window_start}} and {{window_end}} are one ${form.unit}.`}>
        {() => <Segmented label="Window" value={form.unit} choices={units} onChange={(unit) => set({ unit })} />}
      </FormRow>
      <FormRow
        label="Runs"
        hint={wrong.schedule ? undefined : runWords(cron, form.timeZone, now)}
        wrong={wrong.schedule}
      >
        {(tie) => (
          <Input
            {...tie}
            mono
            value={cron}
            aria-label="Schedule as cron"
            onChange={(event) => set({ schedule: event.target.value })}
          />
        )}
      </FormRow>
      <FormRow label="Time zone" wrong={wrong.timeZone}>
        {(tie) => <Input {...tie} value={form.timeZone} onChange={(event) => set({ timeZone: event.target.value })} />}
      </FormRow>
    </>
  );
}

function keptHint(place: OutputPlace): string {
  return place === 'connection'
    ? 'An Iceberg table of the cluster; each window is replaced in one commit.'
    : 'The rows come here from the cluster, one file a window.';
}

function runWords(cron: string, zone: string, now: string): string {
  const next = nextTimes(cron, zone, new Date(now), 1)[0];
  return `${scheduleWords(cron)}${next ? `, next ${day(next.at, zone)} ${clock(next.at, zone)}` : ''}.`;
}
