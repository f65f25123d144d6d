import type { Vocabulary } from '../../learn/model/vocabulary.ts';

/** Characters of a piece of output, about. */
const pieceLength = 2 ** 16;

/** The output of a line in pieces (spec batch.md §5): the ids of the users, best first. */
export function* segmentPieces(users: Vocabulary, found: Uint32Array): Generator<string> {
  let piece = '{"usersList":[';
  let comma = '';
  for (const user of found) {
    piece += comma + JSON.stringify(users.id(user));
    comma = ',';
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]}`;
}
