/** The compass star: Lodestar's own mark. */
export function Star() {
  return (
    <svg className="i" viewBox="0 0 24 24" aria-hidden="true">
      <path
        d="M12 1.5 13.9 10.1 22.5 12 13.9 13.9 12 22.5 10.1 13.9 1.5 12 10.1 10.1Z"
        fill="currentColor"
        stroke="none"
      />
      <circle cx="12" cy="12" r="6.6" strokeWidth="1" />
    </svg>
  );
}
