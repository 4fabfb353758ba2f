'use client';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/parts/button.tsx';
import { FormRow, Input } from '#components/parts/field.tsx';
import { useReady } from '#components/parts/ready.ts';
import { Password } from './password.tsx';

interface Given {
  busy: boolean;
  /** What the server said to the last try. */
  wrong: string | null;
  onEnter(email: string, password: string): void;
}

export function SignIn({ busy, wrong, onEnter }: Given) {
  const ready = useReady();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onEnter(email, password);
  };
  return (
    <form method="post" onSubmit={submit}>
      <dl className="form">
        <FormRow label="E-mail">
          {(tie) => (
            <Input
              {...tie}
              type="email"
              name="email"
              autoComplete="username"
              autoFocus
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </FormRow>
        <FormRow label="Password" wrong={wrong}>
          {(tie) => (
            <Password
              {...tie}
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </FormRow>
      </dl>
      <div className="go">
        <Button kind="main" size="big" type="submit" disabled={busy || !ready} keys="enter">
          {busy ? 'Signing in' : 'Sign in'}
        </Button>
      </div>
    </form>
  );
}
