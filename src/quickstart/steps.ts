import { setTimeout as sleep } from 'node:timers/promises';
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { startProgressBar } from '../terminal/progress-bar.ts';
import { QuickstartError } from './failure.ts';
import { jobProgress } from './job-progress.ts';

/** A server of OpenPersonalize, and where to report the work on it. */
export type Session = {
  readonly url: string;
  readonly personalize: PersonalizeClient;
  readonly runtime: PersonalizeRuntimeClient;
  readonly output: NodeJS.WritableStream;
};

/** The AWS SDK as anybody would set it up, but for the endpoint. */
export function openSession(url: string, output: NodeJS.WritableStream): Session {
  const settings = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'quickstart', secretAccessKey: 'quickstart' },
  };
  return {
    url,
    personalize: new PersonalizeClient(settings),
    runtime: new PersonalizeRuntimeClient(settings),
    output,
  };
}

/** What Describe… answers for any resource. */
type Described = { readonly status?: string | undefined; readonly failureReason?: string | undefined } | undefined;

const pollEveryMs = 200;
const pollElsewhereEveryMs = 10_000;

/** Where a resource is, and where to report its work. Without a `url`, as with AWS itself, progress is not known. */
type Place = { readonly url?: string | undefined; readonly output: NodeJS.WritableStream };

/**
 * Waits for a resource to become ACTIVE. With a `label`, a progress bar shows how far its work has come.
 *
 * @throws QuickstartError with the resource, its failureReason and `advice`, when it ends in another state.
 */
export async function untilActive(
  { url, output }: Place,
  resource: { readonly arn: string; readonly label?: string; readonly advice: string },
  describe: () => Promise<Described>,
): Promise<void> {
  const bar = resource.label === undefined ? undefined : startProgressBar(output, resource.label);
  for (;;) {
    const { status, failureReason } = (await describe()) ?? {};
    if (status === 'ACTIVE') return bar?.done();
    if (status !== 'CREATE PENDING' && status !== 'CREATE IN_PROGRESS') {
      bar?.failed();
      const reason = failureReason ?? 'The server gives no reason.';
      throw new QuickstartError(`${resource.arn} ended as ${status}.\n${reason}\n${resource.advice}`);
    }
    const fraction = bar && url !== undefined ? await jobProgress(url, resource.arn) : undefined;
    if (fraction !== undefined) bar?.update(fraction);
    await sleep(url === undefined ? pollElsewhereEveryMs : pollEveryMs);
  }
}

/** Waits until Describe… no longer finds a resource that is being deleted. */
export async function untilGone(describe: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await describe();
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return;
      throw error;
    }
    await sleep(pollEveryMs);
  }
}

/** A member that the service always answers, though its model calls it optional. */
export function answered<T>(member: T | undefined, name: string): T {
  if (member === undefined)
    throw new QuickstartError(`The server's answer lacks ${name}: this is a defect, please report it.`);
  return member;
}
