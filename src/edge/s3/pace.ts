import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** The least that a client must send: so many bytes for each stretch of time that the server waits for it. */
export type Pace = { readonly bytes: number; readonly ms: number };

/** A kilobyte a second, which any line brings. With less, next to nothing would hold a connection for ever. */
export const slowestPace: Pace = { bytes: 60 * 1024, ms: 60_000 };

/**
 * The pieces of a body. Only time in which the server waits for the client counts, not that in which it writes to a
 * disk.
 *
 * @param late makes the error that is thrown if the client is slower than it may be
 */
export async function* inPace(
  pieces: AsyncIterator<Buffer>,
  { bytes: least, ms }: Pace,
  late: () => Error,
): AsyncGenerator<Buffer> {
  let [waitedMs, bytes] = [0, 0];
  for (;;) {
    const began = performance.now();
    const next = await within(pieces.next(), ms - waitedMs);
    if (next === undefined) throw late();
    if (next.done) return;
    waitedMs += performance.now() - began;
    yield next.value;
    bytes += next.value.length;
    if (bytes < least) continue;
    [waitedMs, bytes] = [0, 0];
  }
}

/** Undefined if it takes longer. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const done = new AbortController();
  const late = sleep(ms, undefined, { signal: done.signal, ref: false }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
