import type { Metadata } from 'next';
import { headers } from 'next/headers';
import Link from 'next/link';
import { Notice } from '#components/parts/notice.tsx';
import { Door } from '#components/start/door.tsx';
import { authenticate } from '#lib/server/auth/authenticate.ts';
import { previewInvitation } from '#lib/server/data/invitation.ts';
import { Problem } from '#lib/server/problem.ts';
import { version } from '#lib/server/version.ts';
import { InvitationDoor } from './invitation-door.tsx';

export const metadata: Metadata = { title: 'Invitation' };

export default async function InvitationPage({ params }: { params: Promise<{ secret: string }> }) {
  const { secret } = await params;
  const actor = await authenticate(await headers());
  const preview = await previewInvitation(actor, secret).catch(expected);
  if (preview instanceof Problem) return <Spent detail={preview.message} />;
  const { role, project } = preview;
  const joining = actor && role && project ? { name: actor.name, email: actor.email, role, project } : null;
  return <InvitationDoor secret={secret} joining={joining} version={version} />;
}

function expected(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

function Spent({ detail }: { detail: string }) {
  return (
    <Door title="This link leads nowhere" asideLabel="What to do" aside={null} status={<span>Version {version}</span>}>
      <div className="narrow">
        <Notice
          state="warned"
          acts={
            <Link className="btn small" href="/signin">
              Sign in
            </Link>
          }
        >
          {detail}
        </Notice>
      </div>
    </Door>
  );
}
