/** A line with the time, so that people see that something goes on. */
export function say(line) {
  process.stdout.write(`${new Date().toTimeString().slice(0, 8)}  ${line}\n`);
}

/** Seconds since, for people. */
export function since(start) {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
