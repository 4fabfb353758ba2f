import { PageHead, Section } from '#components/parts/section.tsx';
import { whole } from '#components/parts/words.ts';
import type { ConnectionView } from '#lib/connection/view.ts';

const whose = {
  service: 'One service account, which Trino lets act as each person',
  person: 'Each person’s own account',
  none: 'No password: the cluster believes the name',
};

/** How a connection is reached and what it allows, for those who do not manage it. */
export function Summary({ kept, project }: { kept: ConnectionView; project: string }) {
  const { settings, url, user, name } = kept;
  const { limits } = settings;
  return (
    <>
      <PageHead title={name} clause={`a Trino cluster of ${project}`} lead="Owners of the project can change it." />
      <Section title="How it is reached">
        <dl className="form">
          <Row label="Address">{url}</Row>
          <Row label="Begins in">
            {[settings.catalog, settings.schema].filter(Boolean).join('.') || 'nowhere in particular'}
          </Row>
          <dt>Sign in with</dt>
          <dd>{whose[settings.identity.kind]}</dd>
          <dt>Your cells run as</dt>
          <dd>{user ? <span className="mono">{user}</span> : 'nobody yet: give your account below'}</dd>
        </dl>
      </Section>
      <Section title="Limits">
        <dl className="form">
          <dt>A query</dt>
          <dd>
            first {whole(limits.rows)} rows, {Math.round(limits.time / 60)} min
            {limits.scanBytes !== null && `, reads at most ${Math.round(limits.scanBytes / 1e9)} GB`}
          </dd>
          <dt>A person</dt>
          <dd>{limits.perPerson} at once</dd>
          <Row label="Jobs may write">{settings.writes || 'nowhere'}</Row>
        </dl>
      </Section>
    </>
  );
}

function Row({ label, children }: { label: string; children: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="mono">{children}</dd>
    </>
  );
}
