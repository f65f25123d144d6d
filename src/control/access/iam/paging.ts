import { ServiceError } from '../../../contract/errors.ts';

type Asked = { readonly marker?: string | undefined; readonly maxItems?: number | undefined };

/** How many items a page has if the call does not say. */
const usualPage = 100;

/**
 * A page of a list. A marker says after which item the next page begins, so that what is made or deleted meanwhile
 * moves nothing.
 *
 * @param keyOf of an item; the items are put in its order
 * @throws ServiceError ValidationException for a marker that no page has given
 */
export function pageOf<Item>(items: readonly Item[], keyOf: (item: Item) => string, { marker, maxItems }: Asked) {
  const sorted = items.map((item) => ({ item, key: keyOf(item) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const after = marker === undefined ? undefined : keyIn(marker);
  const rest = after === undefined ? sorted : sorted.filter(({ key }) => key > after);
  const page = rest.slice(0, maxItems ?? usualPage);
  const last = page.at(-1);
  const isTruncated = page.length < rest.length;
  return {
    items: page.map(({ item }) => item),
    page: { isTruncated, ...(isTruncated && last && { marker: markerOf(last.key) }) },
  };
}

const markerOf = (key: string) => Buffer.from(`1${key}`).toString('base64url');

function keyIn(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString('utf8');
  const key = text.slice(1);
  if (text.startsWith('1') && markerOf(key) === marker) return key;
  throw new ServiceError('ValidationException', 'Invalid Marker.');
}
