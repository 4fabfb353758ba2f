import { FormRow, Input } from '#components/parts/field.tsx';
import { isWindowless, type PromotionForm } from './promotion-form.ts';
import { Tick } from './tick.tsx';

export interface Part {
  form: PromotionForm;
  set(change: Partial<PromotionForm>): void;
}

/** What must hold of each answer before it is published. */
export function CheckFields({ form, set }: Part) {
  if (isWindowless(form))
    return <NeverNull form={form} set={set} hint="Columns with commas between; an event that fails it is left out." />;
  return (
    <>
      <NeverNull form={form} set={set} hint="Columns with commas between; if a check fails, the old output stays." />
      <FormRow label="Unique by">
        {(tie) => (
          <Input {...tie} mono value={form.uniqueBy} onChange={(event) => set({ uniqueBy: event.target.value })} />
        )}
      </FormRow>
      <FormRow label="Rows">
        {(tie) => (
          <Tick
            {...tie}
            checked={form.atLeastOneRow}
            words="At least one in each window"
            onChange={(atLeastOneRow) => set({ atLeastOneRow })}
          />
        )}
      </FormRow>
    </>
  );
}

function NeverNull({ form, set, hint }: Part & { hint: string }) {
  return (
    <FormRow label="Never null" hint={hint}>
      {(tie) => (
        <Input {...tie} mono value={form.neverNull} onChange={(event) => set({ neverNull: event.target.value })} />
      )}
    </FormRow>
  );
}
