import Link from 'next/link';
import { Door } from '#components/start/door.tsx';

export default function NotFound() {
  return (
    <Door
      title="There is nothing here"
      lead="What you look for is not there, or it is not shared with you."
      asideLabel="What to do"
      aside={<Why />}
      status={<span>No page</span>}
    >
      <div className="go">
        <Link className="btn main big" href="/projects">
          All projects
        </Link>
      </div>
    </Door>
  );
}

function Why() {
  return (
    <section>
      <h2>Why you may see this</h2>
      <p className="sec">
        The address may be mistyped, the thing deleted, or your place in its project may have ended. An owner of the
        project can invite you again.
      </p>
    </section>
  );
}
