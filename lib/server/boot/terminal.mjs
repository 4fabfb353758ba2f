/** A line with the time, so that people see that something goes on. */
export function say(line) {
  process.stdout.write(`${new Date().toTimeString().slice(0, 8)}  ${line}\n`);
}

/** Seconds since, for people. */
export function since(start) {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}

/** Says that something began, every ten seconds that it goes on, and how long it took; gives what the work gave. */
export async function step(name, work) {
  say(`${name} …`);
  const start = Date.now();
  const heart = setInterval(() => say(`${name} … ${since(start)}`), 10_000);
  try {
    const result = await work();
    say(`${name}: done in ${since(start)}`);
    return result;
  } finally {
    clearInterval(heart);
  }
}
