import { Mark } from '#components/parts/mark.tsx';

/** What stands in the way of a cell before it runs: circles, names that are taken or unknown. */
export function Problems({ problems }: { problems: string[] }) {
  return (
    <ul className="problems">
      {problems.map((problem) => (
        <li key={problem}>
          <Mark state="warned" />
          {problem}
        </li>
      ))}
    </ul>
  );
}
