import { limitExceeded } from '../../contract/errors.ts';

/** @throws ServiceError LimitExceededException if one more of `what` would be one too many. */
export function requireRoom(what: string, count: number, limit: number): void {
  if (count < limit) return;
  throw limitExceeded(
    `Cannot create a ${what}. More than ${limit} resources in ACTIVE state. Please delete some and try again.`,
  );
}

/** The same for work that is waiting or going on. */
export function requireIdle(count: number, limit: number): void {
  if (count >= limit) throw limitExceeded(`More than ${limit} resources with PENDING or IN_PROGRESS status.`);
}
