import { answered, untilActive } from '../../src/quickstart/steps.ts';
import type { Service } from './service.ts';

type Described = { readonly status?: string | undefined; readonly failureReason?: string | undefined } | undefined;

/** How one resource is found again, made, and looked at. */
export type Wanted = {
  /** Shown with a progress bar; without it nothing is shown. */
  readonly label?: string;
  readonly advice: string;
  /** The ARN of what an earlier run has made. */
  find(): Promise<string | undefined>;
  create(): Promise<string | undefined>;
  describe(arn: string): Promise<Described>;
};

/** Makes a resource unless an earlier run has, and does not wait for it. */
export async function found({ find, create }: Pick<Wanted, 'find' | 'create'>): Promise<string> {
  return (await find()) ?? answered(await create(), 'the ARN of what was created');
}

/** The same, and waits until it is ACTIVE. */
export async function ensure(service: Service, wanted: Wanted): Promise<string> {
  const arn = await found(wanted);
  await awaited(service, arn, wanted);
  return arn;
}

/** Waits for a resource, with a progress bar if there is something to wait for. */
export async function awaited(
  service: Service,
  arn: string,
  { label, advice, describe }: Pick<Wanted, 'label' | 'advice' | 'describe'>,
): Promise<void> {
  if ((await describe(arn))?.status === 'ACTIVE') return;
  await untilActive(service, { arn, advice, ...(label === undefined ? {} : { label }) }, () => describe(arn));
}

/** The first entry of a paged list that fits. */
export async function firstOf<P, T>(
  pages: AsyncIterable<P>,
  entries: (page: P) => readonly T[] | undefined,
  fits: (entry: T) => boolean,
): Promise<T | undefined> {
  for await (const page of pages) {
    const entry = entries(page)?.find(fits);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

export const tryAgain = 'Start the demo again.';
