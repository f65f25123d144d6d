import { expect, it } from 'vitest';
import type { TextProfile } from '../../model/text-profile.ts';
import { LiveItems } from './live-items.ts';

/** Of terms of the same weight. */
const profileOf = (...terms: number[]): TextProfile => ({
  terms: Uint32Array.from(terms, (term) => term + 2 ** 31),
  codes: new Int8Array(),
});

const found = (items: LiveItems, profile: TextProfile, count: number, allows = (_: string) => true) =>
  items.nearest({ profile, count, influence: undefined, allows }).map(({ item }) => item);

it('keeps the newest text of each item, and finds the most similar ones that are allowed', () => {
  const items = new LiveItems({ width: 0, termCount: 1000 });
  for (let n = 0; n < 500; n++) items.put(`i${n}`, profileOf(n, 900), 0);
  expect(items.size).toBe(500);
  expect(found(items, profileOf(7, 8), 2).sort()).toEqual(['i7', 'i8']);
  expect(found(items, profileOf(7, 8), 5, (id) => id === 'i499')).toEqual(['i499']);
  items.put('i7', profileOf(300, 301), 0);
  expect(items.size).toBe(500);
  expect(found(items, profileOf(7), 1, (id) => id !== 'i8')).not.toEqual(['i7']);
  expect(found(items, profileOf(300, 301), 1)).toEqual(['i7']);
  expect(items.profileOf('i7')).toEqual(profileOf(300, 301));
  expect(items.profileOf('unknown')).toBeUndefined();
});

it('counts freshness, and no popularity, of what is new', () => {
  const items = new LiveItems({ width: 0, termCount: 10 });
  items.put('new', profileOf(1), 255);
  items.put('old', profileOf(1), 0);
  const influence = { FRESHNESS: 0.5, POPULARITY: 1 };
  expect(items.nearest({ profile: profileOf(1), count: 2, influence, allows: () => true })).toEqual([
    { item: 'new', cosine: 1, boost: 0.5 },
    { item: 'old', cosine: 1, boost: 0 },
  ]);
});
