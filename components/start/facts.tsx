import type { ReactNode } from 'react';
import { Mark, type MarkState } from '#components/parts/mark.tsx';
import { took } from '#components/parts/words.ts';

/** As lib/client reads it. */
export interface HealthFacts {
  version: string;
  services: Record<string, string>;
  took: number;
}

const names: Record<string, string> = {
  web: 'Web',
  collab: 'Together',
  collaboration: 'Together',
  worker: 'Worker',
  database: 'Database',
  warehouse: 'Warehouse',
  scheduler: 'Jobs',
};

/** What answers in this installation, measured from here. */
export function Installation({ address, health }: { address: string; health: HealthFacts | null | undefined }) {
  return (
    <section>
      <h2>This installation</h2>
      <dl className="kv">
        <Row name="Address">
          <span className="mono">{address}</span>
        </Row>
        {health === null && <Row name="Web">does not answer</Row>}
        {health && <Services {...health} />}
      </dl>
    </section>
  );
}

function Services({ version, services, took: milliseconds }: HealthFacts) {
  const { value, unit } = took(milliseconds);
  return (
    <>
      <Row name="Version">{version}</Row>
      {Object.entries(services).map(([name, state]) => (
        <Row key={name} name={names[name] ?? name} state={state === 'ok' ? 'good' : 'warned'}>
          {state === 'ok' ? (name === 'web' ? `answers in ${value} ${unit}` : 'answers') : state}
        </Row>
      ))}
    </>
  );
}

function Row({ name, state, children }: { name: string; state?: MarkState; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {state && <Mark state={state} label="" />} {children}
      </dd>
    </>
  );
}
