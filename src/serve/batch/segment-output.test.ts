import { expect, it } from 'vitest';
import { Vocabulary } from '../../learn/model/vocabulary.ts';
import { segmentPieces } from './segment-output.ts';

it('writes ids of any kind, many of them in pieces', () => {
  const ids = [
    'a',
    '"q"',
    'back\\slash',
    '名 🎬',
    'line\nend',
    ...Array.from({ length: 30_000 }, (_, n) => `user-${n}`),
  ];
  const users = Vocabulary.of(ids);
  const found = Uint32Array.from(ids, (_, n) => ids.length - 1 - n);
  const pieces = [...segmentPieces(users, found)];
  expect(pieces.length).toBeGreaterThan(3);
  expect(JSON.parse(pieces.join(''))).toEqual({ usersList: ids.toReversed() });
  expect([...segmentPieces(users, new Uint32Array())].join('')).toBe('{"usersList":[]}');
});
