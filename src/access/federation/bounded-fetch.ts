/** Longest document that an issuer answers: keys are a kilobyte or two each. */
const mostBytes = 256 * 1024;

/** Milliseconds in which an issuer must have answered whole. */
const timeoutMs = 5_000;

/**
 * Fetches a document of an issuer: following no redirect, which could lead anywhere, in bounded time and space.
 *
 * @throws Error if it cannot be had so, or its status is not 200
 */
export async function boundedFetch(url: string): Promise<Response> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url} answers with status ${response.status}.`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new Error(`${url} answers more than ${mostBytes} bytes.`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks));
}
