import type { Resource, Update } from './kind.ts';

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

/** Status of the latest update of a resource that has had one. */
export function updateStatusOf({ document }: Resource): string | undefined {
  return document.latestUpdate?.status;
}
