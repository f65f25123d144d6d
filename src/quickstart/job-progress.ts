export type JobProgress = { readonly fraction: number; readonly note: string };

/**
 * How far the work on a resource has come, from the server's `/metrics` page:
 * `openpersonalize_job_progress{kind="…",resource="<arn>",note="…"} 0.25`. Undefined while nobody works on it.
 */
export async function jobProgress(url: string, resourceArn: string): Promise<JobProgress | undefined> {
  const response = await fetch(new URL('/metrics', url));
  if (!response.ok) throw new Error(`${url}/metrics answered ${response.status} ${response.statusText}.`);
  return readJobProgress(await response.text(), resourceArn);
}

/** The same from the text of such a page (Prometheus exposition format 0.0.4). */
export function readJobProgress(page: string, resourceArn: string): JobProgress | undefined {
  const line = page
    .split('\n')
    .find((line) => line.startsWith('openpersonalize_job_progress{') && line.includes(`resource="${resourceArn}"`));
  const fraction = Number(/\} (\S+)/.exec(line ?? '')?.[1]);
  if (line === undefined || Number.isNaN(fraction)) return undefined;
  const note = /[{,]note="((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? '';
  return { fraction, note: note.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? ' ' : escaped)) };
}
