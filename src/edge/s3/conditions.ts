import type { ObjectFacts } from '../../data/objects/folder-buckets/object-facts.ts';
import { headerOf, type S3Call } from './s3-call.ts';
import { S3Error } from './s3-error.ts';

type Facts = Pick<ObjectFacts, 'etag' | 'modifiedAt'>;

/**
 * Holds an object against the headers of a condition (RFC 9110, section 13.2.2).
 *
 * @param prefix of the headers' names, for the source of a copy
 * @returns whether the caller has the object already
 * @throws S3Error PreconditionFailed
 */
export function isUnchanged(call: S3Call, { etag, modifiedAt }: Facts, prefix = ''): boolean {
  const header = (name: string) => headerOf(call, prefix + name);
  const isPast = (name: string) => {
    const time = Date.parse(header(name) ?? '');
    // HTTP knows whole seconds.
    return Number.isNaN(time) ? undefined : Math.floor(modifiedAt / 1000) * 1000 > time;
  };
  const match = header('if-match');
  if (match === undefined ? isPast('if-unmodified-since') : !names(match, etag)) throw preconditionFailed();
  const noneMatch = header('if-none-match');
  return noneMatch === undefined ? isPast('if-modified-since') === false : names(noneMatch, etag);
}

/** A list of ETags, or `*`. */
const names = (list: string, etag: string) =>
  list.split(',').some((text) => text.trim() === '*' || text.trim().replace(/^(W\/)?"|"$/g, '') === etag);

export const preconditionFailed = (): S3Error =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
