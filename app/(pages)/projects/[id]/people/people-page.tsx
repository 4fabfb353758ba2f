'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Frame, type FrameGiven } from '#components/frame/frame.tsx';
import { Dialog } from '#components/parts/dialog.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { PageHead, Section } from '#components/parts/section.tsx';
import { count } from '#components/parts/words.ts';
import { Invite, OpenLinks, type OpenLink } from '#components/people/invite.tsx';
import { MemberTable, type Member, type Role } from '#components/people/members.tsx';
import { call, type Answer } from '#lib/client/call.ts';

interface Given {
  frame: Pick<FrameGiven, 'me' | 'at' | 'waiting'> & { project: { id: string; name: string }; zone: string };
  members: Member[];
  links: OpenLink[];
  mayManage: boolean;
}

export function PeoplePage({ frame, members, links, mayManage }: Given) {
  const { project, zone, me } = frame;
  const { busy, problem, made, leaving, acts } = usePeople(project.id, me.id);
  return (
    <Frame {...frame} crumbs={[{ label: project.name, href: `/projects/${project.id}` }, { label: 'People' }]}>
      <PageHead
        title="People"
        clause={`${count(members.length, 'person', 'people')} in ${project.name}`}
        lead="Changes hold at once, also in what someone has open."
      />
      {problem && <Notice state="failed">{problem}</Notice>}
      <Section title="Members">
        <MemberTable
          members={members}
          me={me.id}
          mayManage={mayManage}
          zone={zone}
          onRole={acts.changeRole}
          onRemove={acts.ask}
        />
      </Section>
      {mayManage && (
        <Section title="Invite" clause="a link that you pass on" id="invite">
          <Invite made={made} zone={zone} busy={busy} onInvite={acts.invite} />
        </Section>
      )}
      {links.length > 0 && (
        <Section title="Links that can still be used">
          <OpenLinks links={links} zone={zone} onWithdraw={acts.withdraw} />
        </Section>
      )}
      <Removal
        member={leaving}
        isMe={leaving?.userId === me.id}
        project={project.name}
        busy={busy}
        onAct={acts.remove}
        onClose={acts.keep}
      />
    </Frame>
  );
}

function usePeople(projectId: string, me: string) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [made, setMade] = useState<{ url: string; expiresAt: string } | null>(null);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const path = `/api/projects/${projectId}`;
  async function change<T>(work: Promise<Answer<T>>): Promise<T | null> {
    setBusy(true);
    const answer = await work;
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem.detail);
    if (answer.ok) router.refresh();
    return answer.ok ? answer.value : null;
  }
  const remove = async (member: Member) => {
    await change(call('DELETE', `${path}/members/${member.userId}`));
    setLeaving(null);
    if (member.userId === me) router.push('/projects');
  };
  const acts = {
    changeRole: (member: Member, role: Role) =>
      void change(call('PATCH', `${path}/members/${member.userId}`, { role })),
    invite: (role: Role) =>
      void change(call<{ url: string; expiresAt: string }>('POST', `${path}/invitations`, { role })).then(setMade),
    withdraw: (link: OpenLink) => void change(call('DELETE', `${path}/invitations/${link.id}`)),
    ask: setLeaving,
    keep: () => setLeaving(null),
    remove: () => leaving && void remove(leaving),
  };
  return { busy, problem, made, leaving, acts };
}

interface RemovalGiven {
  member: Member | null;
  isMe: boolean;
  project: string;
  busy: boolean;
  onAct(): void;
  onClose(): void;
}

function Removal({ member, isMe, project, busy, onAct, onClose }: RemovalGiven) {
  return (
    <Dialog
      open={member !== null}
      title={isMe ? `Leave ${project}?` : `Take ${member?.name} out of ${project}?`}
      keep={isMe ? 'Stay' : 'Keep them'}
      act={isMe ? 'Leave' : 'Take out'}
      danger
      busy={busy}
      onAct={onAct}
      onClose={onClose}
    >
      {isMe ? 'You' : 'They'} can no longer open its notebooks and data; what is open now closes within a second. What{' '}
      {isMe ? 'you' : 'they'} made stays. A new link brings {isMe ? 'you' : 'them'} back.
    </Dialog>
  );
}
