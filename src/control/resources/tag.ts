import { isBuiltIn } from '../../contract/arn.ts';
import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import type { Kind } from './kind.ts';
import { type Queryable, resourcesNamed } from './resource-store.ts';
import { addTags, removeTags, tagsOf } from './tag-store.ts';

type TagOperation = 'ListTagsForResource' | 'TagResource' | 'UntagResource';

export function tagHandlers({ database, transaction, settings, kinds }: Context): HandlersOf<TagOperation> {
  const limit = settings.quotas.tagsPerResource;
  return {
    async ListTagsForResource({ resourceArn }, caller) {
      await checkTaggable(database, kinds, resourceArn, caller);
      return { tags: await tagsOf(database, resourceArn) };
    },

    async TagResource({ resourceArn, tags }, caller) {
      await transaction(caller.account, async (tx) => {
        await checkTaggable(tx.db, kinds, resourceArn, caller);
        await addTags(tx, resourceArn, tags, limit);
      });
      return {};
    },

    async UntagResource({ resourceArn, tagKeys }, caller) {
      await transaction(caller.account, async (tx) => {
        await checkTaggable(tx.db, kinds, resourceArn, caller);
        await removeTags(tx, resourceArn, tagKeys, limit);
      });
      return {};
    },
  };
}

/**
 * @throws ServiceError ResourceNotFoundException, or InvalidInputException for a kind without tags (spec resources.md
 *   §5).
 */
async function checkTaggable(
  db: Queryable,
  kinds: readonly Kind[],
  arn: string,
  { account, region }: Caller,
): Promise<void> {
  if (isBuiltIn(arn)) throw invalidInput(`Resource ${arn} cannot be tagged.`);
  const row = await resourcesNamed(db, arn)
    .select('kind')
    .where('account', '=', account)
    .where('region', '=', region)
    .executeTakeFirst();
  if (!row) throw resourceNotFound(arn);
  if (!kinds.find(({ name }) => name === row.kind)?.isTaggable) throw invalidInput(`Resource ${arn} cannot be tagged.`);
}
