import type { Update } from './kind.ts';

/** The two times as every shape of the API has them, in seconds. */
export function timesOf({ createdAt, updatedAt }: { readonly createdAt: number; readonly updatedAt: number }) {
  return { creationDateTime: createdAt / 1000, lastUpdatedDateTime: updatedAt / 1000 };
}

/** An update as the API shows it: what was asked for, its status and its times. */
export function updateSummaryOf<U extends Update>({ createdAt, updatedAt, ...shown }: U) {
  return { ...shown, ...timesOf({ createdAt, updatedAt }) };
}
