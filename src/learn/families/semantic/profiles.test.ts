import { describe, expect, it } from 'vitest';
import { TermReader } from '../../features/encoder.ts';
import { metadataOf } from '../../features/features.fixture.ts';
import { fitTerms } from '../../features/fit-encoder.ts';
import { NearestSketches } from '../../kernels/nearest-sketches.ts';
import { normals, uniforms } from '../../kernels/random.ts';
import { sketchBytes } from '../../kernels/sketch.ts';
import type { TextProfile } from '../../model/text-profile.ts';
import { termOf, termProfile, vectorProfile, weightOf } from './profile.ts';
import { NearestProfiles, type ProfileArrays, ProfileSketcher, profileAt } from './profiles.ts';

const noCodes = new Int8Array();

/** Items of themes, whose terms are drawn with most of them out of the theme. */
function themedProfiles(count: number): TextProfile[] {
  const random = uniforms(2);
  return Array.from({ length: count }, (_, item) => {
    const theme = item % 100;
    const terms = new Map<number, number>();
    for (let n = 0; n < 30; n++) {
      const term = random() < 0.85 ? theme * 50 + Math.floor(50 * random()) : 5000 + Math.floor(5000 * random());
      terms.set(term, 1 + Math.floor(255 * random()));
    }
    const packed = Array.from(terms, ([term, weight]) => term + weight * 2 ** 24);
    return { terms: Uint32Array.from(packed).sort((a, b) => termOf(a) - termOf(b)), codes: noCodes };
  });
}

function arraysOf(profiles: readonly TextProfile[], width: number): ProfileArrays {
  const ends = Uint32Array.from(profiles, () => 0);
  let end = 0;
  for (const [n, { terms }] of profiles.entries()) {
    end += terms.length;
    ends[n] = end;
  }
  return {
    terms: Uint32Array.from(profiles.flatMap(({ terms }) => [...terms])),
    starts: Uint32Array.from(ends, (_, n) => ends[n - 1] ?? 0),
    ends,
    codes: Int8Array.from(profiles.flatMap(({ codes }) => [...codes])),
    width,
  };
}

function nearestOf(profiles: readonly TextProfile[], width: number) {
  const sketcher = new ProfileSketcher(width);
  const sketches = new Uint8Array(profiles.length * sketchBytes);
  for (const [n, profile] of profiles.entries()) {
    sketcher.write(profile, sketches.subarray(n * sketchBytes, (n + 1) * sketchBytes));
  }
  return new NearestProfiles(new NearestSketches(sketches), { width, termCount: 10_000 });
}

/** The share of the best rows by the exact cosine that are found. */
function recall(profiles: readonly TextProfile[], width: number, limit: number): number {
  const nearest = nearestOf(profiles, width);
  const arrays = arraysOf(profiles, width);
  const every = 1201;
  let [found, asked] = [0, 0];
  for (let item = 0; item < profiles.length; item += every) {
    const exact = profiles.map((profile) => cosine(profile, profiles[item]));
    const least = exact.toSorted((a, b) => b - a)[limit - 1] ?? 0;
    const { rows, cosines } = nearest.find(profileAt(arrays, item), arrays, limit);
    expect(rows[0]).toBe(item);
    rows.forEach((row, n) => {
      expect(cosines[n]).toBeCloseTo(exact[row] ?? 0, 5);
      if (cosines[n] >= least - 1e-6) found++;
    });
    asked += limit;
  }
  return found / asked;
}

function cosine(one: TextProfile, other: TextProfile): number {
  const numbers = ({ terms, codes }: TextProfile) =>
    new Map(codes.length > 0 ? codes.entries() : Array.from(terms, (term) => [termOf(term), weightOf(term)] as const));
  const [a, b] = [numbers(one), numbers(other)];
  let product = 0;
  for (const [key, value] of a) product += value * (b.get(key) ?? 0);
  const length = (of: Map<number, number>) => Math.hypot(...of.values());
  return product / (length(a) * length(b) || 1);
}

describe('the nearest profiles', () => {
  it('are nearly all found by sketches among many, as terms', () => {
    expect(recall(themedProfiles(10_000), 0, 25)).toBeGreaterThan(0.97);
  });

  it('are nearly all found by sketches among many, as vectors', () => {
    const normal = normals(1, 1);
    const centres = Array.from({ length: 50 }, () => Float32Array.from({ length: 48 }, normal));
    const mean = new Float32Array(48);
    const profiles = Array.from({ length: 10_000 }, (_, n) =>
      vectorProfile(
        Float32Array.from(centres[n % 50] ?? mean, (value) => value + 0.7 * normal()),
        mean,
      ),
    );
    expect(recall(profiles, 48, 25)).toBeGreaterThan(0.97);
  });
});

describe('a profile', () => {
  const known = (texts: readonly string[]) =>
    fitTerms(
      metadataOf(
        ['textual'],
        texts.map((text) => [text]),
      ),
      () => {},
    );

  it('has the terms of greatest weight, 64 at most, and none of a text that says nothing', async () => {
    const texts = Array.from({ length: 40 }, (_, n) =>
      Array.from({ length: 200 }, (_, k) => `w${(n * k) % 300}`).join(' '),
    );
    const reader = new TermReader(await known(texts));
    const { terms } = termProfile(reader, texts[7] ?? '');
    expect(terms).toHaveLength(64);
    expect(Math.max(...Array.from(terms, weightOf))).toBe(255);
    expect(termProfile(reader, '').terms).toHaveLength(0);
    expect(termProfile(reader, 'unheard of').terms).toHaveLength(0);
  });

  it('divides texts without blanks into pairs, and knows emoji', async () => {
    const texts = ['火星の宇宙船', '火星の基地', '料理の本', '料理店', '🚀 one', '🚀 two'];
    const reader = new TermReader(await known(texts));
    const common = (one: string, other: string) => {
      const terms = new Set(Array.from(termProfile(reader, one).terms, termOf));
      return Array.from(termProfile(reader, other).terms, termOf).filter((term) => terms.has(term)).length;
    };
    expect(common('火星', '火星の夜')).toBe(1);
    expect(common('火星の宇宙船', '料理の本')).toBe(0);
    expect(common('料理店', '料理の本')).toBe(1);
    expect(common('🚀', '🚀🚀 three')).toBeGreaterThan(0);
  });

  it('is the same in both forms of a character', async () => {
    const texts = ['Ｃａｆé', 'cafe\u0301 noir', 'tea'];
    const reader = new TermReader(await known(texts));
    expect(termProfile(reader, 'CAFÉ').terms).toEqual(termProfile(reader, 'cafe\u0301').terms);
    expect(termProfile(reader, 'CAFÉ').terms.length).toBeGreaterThan(0);
  });
});
