/*
 * A request's signal goes deaf when the request itself is collected (undici keeps only a weak link between the two), so
 * whoever waits for people to leave holds the request until its work has ended.
 */
const held = new Set<Request>();

/** The same items, with the request held until the last. */
export async function* heldBy<T>(request: Request, items: AsyncIterable<T>): AsyncGenerator<T> {
  held.add(request);
  try {
    yield* items;
  } finally {
    held.delete(request);
  }
}

/** The same result, with the request held until it is there. */
export async function holding<T>(request: Request, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  held.add(request);
  try {
    return await work(request.signal);
  } finally {
    held.delete(request);
  }
}
