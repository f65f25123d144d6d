import { uniforms } from '../../learn/kernels/random.ts';
import type { ExplorationChoice } from '../../serve/exploration/policy.ts';

type Item = { readonly itemId: string };

/** How many items of a list are promoted: a share of its length, rounded up, at least one (spec runtime.md §4). */
export const promotedCount = (percent: number, count: number): number =>
  Math.max(1, Math.ceil((count * percent) / 100));

/**
 * Puts promoted items among others, both in their own order, at positions that the recommendationId decides, all of
 * which are as likely. An item of both lists is promoted. The list is cut at `count`, at the cost of the others.
 *
 * @param address that of the answer's recommendationId (`addressOf`)
 */
export function withPromoted<Listed extends Item>(
  promoted: readonly Listed[],
  others: readonly Listed[],
  { count, address }: { readonly count: number; readonly address: string },
): Listed[] {
  const ids = new Set(promoted.map(({ itemId }) => itemId));
  const rest = others.filter(({ itemId }) => !ids.has(itemId)).slice(0, count - promoted.length);
  const random = uniforms(seedOf(address));
  const list: Listed[] = [];
  let [placed, taken] = [0, 0];
  // Selection sampling (Knuth, The Art of Computer Programming, volume 2, algorithm S): every choice is as likely.
  for (let left = promoted.length + rest.length; left > 0; left--) {
    const item = random() * left < promoted.length - placed ? promoted[placed++] : rest[taken++];
    if (item) list.push(item);
  }
  return list;
}

/**
 * The choices of exploration that are still to be seen beside promoted items, at their positions in the answer. One for
 * an item that is promoted is gone: it would have been shown in any case.
 */
export function choicesBeside(
  promoted: readonly Item[],
  choices: readonly ExplorationChoice[],
  list: readonly Item[],
): readonly ExplorationChoice[] {
  return choices.flatMap((choice) => {
    const isChoice = ({ itemId }: Item) => itemId === choice.itemId;
    const place = promoted.some(isChoice) ? -1 : list.findIndex(isChoice);
    return place < 0 ? [] : [{ ...choice, place }];
  });
}

/** FNV-1a, 32 bits (Fowler, Noll and Vo): addresses of one moment differ in a few digits only. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
