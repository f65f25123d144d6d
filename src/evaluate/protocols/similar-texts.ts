import { lengthOf, userCount } from '../../learn/histories/histories.ts';
import type { Protocol } from './protocol.ts';

/**
 * Everything trains, since what is to be found is told apart by what models of texts do not read: the categories of the
 * items, and who had them (`measureSimilarTexts`).
 */
export const similarTexts: Protocol = {
  name: 'similar-texts',
  asksFor: 'similar texts',
  needsTest: false,
  needsItems: true,
  keepsSeen: true,
  onlyTrainedItems: false,
  seeded: false,
  split({ histories }) {
    const lengths = Uint32Array.from({ length: userCount(histories) }, (_, user) => lengthOf(histories, user));
    const queries = Array.from(lengths, (to, user) => ({ user, from: 0, to }));
    return { training: lengths, queries: { user: queries } };
  },
};
