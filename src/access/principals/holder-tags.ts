import { findHolder, type HolderName } from './holders.ts';
import { addTagsTo, removeTags, type Tag } from './principal-tags.ts';
import type { PrincipalsChange } from './principals-change.ts';

/** Gives a user or role tags, in place of those with the same keys. @throws ServiceError as `addTagsTo` */
export const tagHolder = async (
  change: PrincipalsChange,
  { tags, ...of }: HolderName & { readonly tags: readonly Tag[] },
): Promise<void> => await change(async (trx) => await addTagsTo(trx, (await findHolder(trx, of)).id, tags));

/** Takes the tags of these keys from a user or role; one that it has not is no error. */
export const untagHolder = async (
  change: PrincipalsChange,
  { keys, ...of }: HolderName & { readonly keys: readonly string[] },
): Promise<void> => await change(async (trx) => await removeTags(trx, (await findHolder(trx, of)).id, keys));
