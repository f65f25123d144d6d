import type { Resource, Update } from './kind.ts';
import { timesOf } from './resource-store.ts';

/** An update that has been asked for and begins in this status. */
export const newUpdate = <Asked extends object, Status extends string>(
  asked: Asked,
  status: Status,
  now: number,
): Update<Status, Asked> => ({ ...asked, status, createdAt: now, updatedAt: now });

/** The update that a job works on. */
export function updateOf<U extends Update>({ arn, document }: Resource<{ readonly latestUpdate?: U | undefined }>): U {
  if (!document.latestUpdate) throw new Error(`${arn} has no update, though a job works on one.`);
  return document.latestUpdate;
}

/** The update of a resource in its next status. */
export const movedUpdate = <U extends Update>(
  resource: Resource<{ readonly latestUpdate?: U | undefined }>,
  status: U['status'],
  now: number,
  failureReason?: string,
): U => ({ ...updateOf(resource), status, failureReason, updatedAt: now });

/** An update as the API shows it: what was asked for, its status and its times. */
export function updateSummaryOf<U extends Update>({ createdAt, updatedAt, ...shown }: U) {
  return { ...shown, ...timesOf({ createdAt, updatedAt }) };
}
