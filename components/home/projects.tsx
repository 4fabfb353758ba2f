import Link from 'next/link';
import { DataTable } from '#components/parts/table.tsx';
import { day } from '#components/parts/words.ts';

export interface ProjectLine {
  id: string;
  name: string;
  role: string;
  timeZone: string;
  createdAt: string;
}

export function ProjectTable({ projects }: { projects: ProjectLine[] }) {
  const head = (
    <>
      <th>project</th>
      <th>you are</th>
      <th className="wide">time zone</th>
      <th className="num">since</th>
    </>
  );
  return (
    <DataTable label="Projects" look="nbl" head={head}>
      {projects.map((project) => (
        <tr key={project.id}>
          <td className="wrap">
            <Link className="rowlink" href={`/projects/${project.id}`}>
              <b>{project.name}</b>
            </Link>
          </td>
          <td className="sec">{project.role}</td>
          <td className="sec wide">{project.timeZone}</td>
          <td className="num sec">{day(project.createdAt, project.timeZone)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
