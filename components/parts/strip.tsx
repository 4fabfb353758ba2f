const classes: Record<string, string> = {
  good: '',
  warned: 'w1',
  failed: 'f1',
  stale: 's1',
  queued: 'r1',
  running: 'r1',
  absent: 'n1',
  cancelled: 'n1',
};

export interface StripWindow {
  /** What the window is: "Mon 19 Oct". */
  label: string;
  state: string;
}

/** Windows side by side, oldest first: good is quiet, exceptions speak. */
export function Strip({ windows, label }: { windows: StripWindow[]; label: string }) {
  return (
    <span className="strip" role="img" aria-label={label}>
      {windows.map((window, index) => (
        <i key={index} className={classes[window.state] ?? 'n1'} title={`${window.label}: ${window.state}`} />
      ))}
    </span>
  );
}
