'use client';
import { Fragment } from 'react';
import { useHere, useMayEdit, useView } from '#components/notebook/context.tsx';
import { Button, ButtonLink } from '#components/parts/button.tsx';
import { Mark } from '#components/parts/mark.tsx';
import type { KernelError } from '#kernels/kernel.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { applyFix } from './fix.ts';

/** Why a run failed: what happened, where, what to do; the engine's own words muted. */
export function Failure({ cell, error }: { cell: Cell; error: KernelError }) {
  const { store } = useHere();
  const mayEdit = useMayEdit();
  const projectId = useView((view) => view.projectId);
  const stopped = error.code === 'cancelled';
  const elsewhere = error.code === 'unsupported' && cell.type === 'sql' && cell.engine === 'browser' && mayEdit;
  return (
    <div className={stopped ? 'err stopped' : 'err'} role={stopped ? 'status' : 'alert'}>
      <Mark state={stopped ? 'idle' : 'failed'} label={stopped ? 'stopped' : undefined} />
      <p>
        <b>
          <Coded text={error.message} />
        </b>{' '}
        <span className="sec">
          {error.position && `Line ${error.position.line}, column ${error.position.column}. `}
          {error.hint && <Coded text={error.hint} />}
        </span>
      </p>
      <div className="fix">
        {error.fix && mayEdit && (
          <Button size="small" keys="mod+." onClick={() => applyFix(store, cell, error)}>
            {error.fix.label}
          </Button>
        )}
        {elsewhere && (
          <Button
            size="small"
            onClick={() => {
              store.act.setEngine(cell.id, { engine: 'warehouse' });
              store.act.run(cell.id);
            }}
          >
            Run on the warehouse
          </Button>
        )}
        {error.detail === 'account-needed' && cell.connection && (
          <ButtonLink
            size="small"
            icon="key-round"
            href={`/projects/${projectId}/connections/${cell.connection}#account`}
          >
            Give your account
          </ButtonLink>
        )}
        {error.detail && error.detail !== 'account-needed' && <Detail text={error.detail} />}
      </div>
    </div>
  );
}

/** Names that the kernels put in backticks or double quotes stand in the code face. */
function Coded({ text }: { text: string }) {
  return text
    .split(/`([^`]+)`/)
    .map((part, index) => <Fragment key={index}>{index % 2 === 1 ? <code>{part}</code> : part}</Fragment>);
}

function Detail({ text }: { text: string }) {
  const [first = '', ...rest] = text.trim().split('\n');
  if (rest.length === 0 && first.length < 160) return <span className="mut">{first}</span>;
  return (
    <details className="mut engine-words">
      <summary>The engine’s own words</summary>
      <pre>{text}</pre>
    </details>
  );
}
