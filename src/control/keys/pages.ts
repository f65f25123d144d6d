import { ServiceError } from '../../contract/errors.ts';

/** What an operation of KMS is asked that answers a page. */
type PageInput = { readonly Limit?: number; readonly Marker?: string };

/** How many KMS answers if it is not told. */
const usual = 100;

export const limitOf = ({ Limit = usual }: PageInput): number => Limit;

/** What comes before the page that is asked for: the last of the page before. @throws ServiceError */
export function afterOf({ Marker }: PageInput): string {
  if (Marker === undefined) return '';
  const after = Buffer.from(Marker, 'base64url').toString();
  if (markerOf(after) === Marker && !after.includes('\0')) return after;
  throw new ServiceError('InvalidMarkerException', 'The marker is none that this server has answered.');
}

const markerOf = (after: string) => Buffer.from(after).toString('base64url');

/** @param found what follows `afterOf`, one more than asked for if there are more */
export function pageOf<Item>(found: readonly Item[], input: PageInput, nameOf: (item: Item) => string) {
  const items = found.slice(0, limitOf(input));
  const last = items.at(-1);
  if (found.length <= items.length || last === undefined) return { items, page: { Truncated: false } };
  return { items, page: { Truncated: true, NextMarker: markerOf(nameOf(last)) } };
}

/** A page of a list that is there whole, in the order of its names. */
export function pageOfAll<Item>(all: readonly Item[], input: PageInput, nameOf: (item: Item) => string) {
  const after = afterOf(input);
  return pageOf(
    all.filter((item) => nameOf(item) > after),
    input,
    nameOf,
  );
}
