import { invalidInput, limitExceeded } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';

/** A tag of a user, a role or a session. Keys that differ only in case are one key. */
export type Tag = { readonly key: string; readonly value: string };

const mostTags = 50;
const written = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const [longestKey, longestValue] = [128, 256];

/** @throws ServiceError InvalidInputException for tags that IAM refuses; LimitExceededException for too many */
export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > mostTags) throw limitExceeded(`There are at most ${mostTags} tags.`);
  for (const { key, value } of tags) {
    if (key === '' || key.length > longestKey || value.length > longestValue) {
      throw invalidInput(`A tag has a key of 1 to ${longestKey} characters and a value of at most ${longestValue}.`);
    }
    if (!written.test(key) || !written.test(value)) {
      throw invalidInput(`The tag ${key} has other characters than letters, digits, spaces and _.:/=+-@.`);
    }
    if (/^aws:/i.test(key)) throw invalidInput(`The tag ${key} begins with aws:, which is reserved.`);
  }
  if (new Set(tags.map(({ key }) => key.toLowerCase())).size < tags.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
}

/** `tags`, over those of `former` with the same keys. */
export function mergeTags(former: readonly Tag[], tags: readonly Tag[]): Tag[] {
  const replaced = new Set(tags.map(({ key }) => key.toLowerCase()));
  return [...former.filter(({ key }) => !replaced.has(key.toLowerCase())), ...tags];
}

/** Gives a holder tags, in place of those with the same keys. @throws ServiceError as `checkTags` */
export async function addTagsTo(trx: Database, holder: string, tags: readonly Tag[]): Promise<void> {
  if (tags.length === 0) return;
  checkTags(tags);
  const merged = mergeTags(await tagsOfHolder(trx, holder), tags);
  if (merged.length > mostTags) throw limitExceeded(`A user or role has at most ${mostTags} tags.`);
  await removeTags(trx, holder);
  await trx
    .insertInto('principal_tags')
    .values(merged.map(({ key, value }) => ({ holder, key, value })))
    .execute();
}

/** Takes tags from a holder: those of the keys, or all. A key that it has not is no error. */
export async function removeTags(trx: Database, holder: string, keys?: readonly string[]): Promise<void> {
  const gone = keys && new Set(keys.map((key) => key.toLowerCase()));
  const tags = gone ? (await tagsOfHolder(trx, holder)).filter(({ key }) => gone.has(key.toLowerCase())) : undefined;
  if (tags?.length === 0) return;
  const rows = trx.deleteFrom('principal_tags').where('holder', '=', holder);
  await (tags
    ? rows.where(
        'key',
        'in',
        tags.map(({ key }) => key),
      )
    : rows
  ).execute();
}

export const tagsOfHolder = async (database: Database, holder: string): Promise<Tag[]> =>
  (await readTags(database, holder)).get(holder) ?? [];

/** The tags of every holder, or of one. */
export async function readTags(database: Database, holder?: string): Promise<Map<string, Tag[]>> {
  const rows = await database
    .selectFrom('principal_tags')
    .selectAll()
    .$if(holder !== undefined, (query) => query.where('holder', '=', holder ?? ''))
    .orderBy('key')
    .execute();
  const found = new Map<string, Tag[]>();
  for (const { holder, key, value } of rows) found.set(holder, [...(found.get(holder) ?? []), { key, value }]);
  return found;
}
