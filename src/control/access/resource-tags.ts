import { holderOfArn } from '../../access/principals/holders.ts';
import { type Tag, tagsOfHolder } from '../../access/principals/principal-tags.ts';
import type { Database } from '../../data/database/database.ts';
import { tagsOf } from '../resources/tag-store.ts';

/** Tags of a resource, a user or a role, as conditions read them; none of one that is not there. */
export const resourceTags =
  (database: Database) =>
  async (arn: string): Promise<readonly Tag[]> => {
    if (!arn.includes(':iam:')) {
      return (await tagsOf(database, arn)).map(({ tagKey: key, tagValue: value }) => ({ key, value }));
    }
    const holder = await holderOfArn(database, arn);
    return holder ? await tagsOfHolder(database, holder.id) : [];
  };
