'use client';
import { FormRow, Input } from '#components/parts/field.tsx';
import { Password } from './password.tsx';

export interface PersonGiven {
  name: string;
  email: string;
  password: string;
}

const shortest = 12;

/** The three rows of a new account. */
export function PersonRows({ person, onChange }: { person: PersonGiven; onChange(person: PersonGiven): void }) {
  const length = [...person.password].length;
  return (
    <>
      <FormRow label="Name" hint="How the others see you.">
        {(tie) => (
          <Input
            {...tie}
            name="name"
            autoComplete="name"
            required
            maxLength={100}
            value={person.name}
            onChange={(event) => onChange({ ...person, name: event.target.value })}
          />
        )}
      </FormRow>
      <FormRow label="E-mail">
        {(tie) => (
          <Input
            {...tie}
            type="email"
            name="email"
            autoComplete="username"
            required
            value={person.email}
            onChange={(event) => onChange({ ...person, email: event.target.value })}
          />
        )}
      </FormRow>
      <FormRow
        label="Password"
        hint={length ? `${length} characters. At least ${shortest}.` : `At least ${shortest} characters.`}
      >
        {(tie) => (
          <Password
            {...tie}
            name="password"
            autoComplete="new-password"
            required
            minLength={shortest}
            maxLength={200}
            value={person.password}
            onChange={(event) => onChange({ ...person, password: event.target.value })}
          />
        )}
      </FormRow>
    </>
  );
}
