/**
 * How far the work on a resource has come, 0 to 1, from the server's `/metrics` page; undefined while nobody works on
 * it.
 */
export async function jobProgress(url: string, resourceArn: string): Promise<number | undefined> {
  const response = await fetch(new URL('/metrics', url));
  if (!response.ok) throw new Error(`${url}/metrics answered ${response.status} ${response.statusText}.`);
  return readJobProgress(await response.text(), resourceArn);
}

/**
 * The same from the text of such a page (Prometheus text format):
 * `openpersonalize_job_progress{kind="…",resource="<arn>"} 0.25`.
 */
export function readJobProgress(page: string, resourceArn: string): number | undefined {
  const line = page
    .split('\n')
    .find((line) => line.startsWith('openpersonalize_job_progress{') && line.includes(`resource="${resourceArn}"`));
  const value = line === undefined ? undefined : /\} (\S+)/.exec(line)?.[1];
  return value === undefined ? undefined : Number(value);
}
