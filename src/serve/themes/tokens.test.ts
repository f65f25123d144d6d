import { describe, expect, it } from 'vitest';
import { plainText, stemOf, tokensOf } from './tokens.ts';

describe('plainText', () => {
  it.each([
    ['<p>Brass <b>lamps</b></p>', 'Brass lamps'],
    ['<style>p { color: red }</style>Lamps<script>alert(1)</script>', 'Lamps'],
    ['Lamps <script>never closed', 'Lamps'],
    ['R&amp;B caf&eacute;', 'R&B café'],
    ['See https://example.com/a?b or me@example.com now', 'See or now'],
    ['tables\u202e \u200bchairs\u0007', 'tables chairs'],
    ['3 < 4 lamps', '3 < 4 lamps'],
  ])('reads %j', (text, plain) => {
    expect(plainText(text).replaceAll(/\s+/g, ' ').trim()).toBe(plain);
  });
});

describe('tokensOf', () => {
  const words = (text: string) => tokensOf(text).map(({ surface }) => surface);

  it('takes words, without possessive endings', () => {
    expect(words("Sci-fi: a detective's 2nd case, isn’t it?")).toEqual([
      ...['Sci-fi', 'a', 'detective', '2nd', 'case', 'isn’t', 'it'],
    ]);
  });

  it('knows where a sentence begins, and what stands between words', () => {
    const tokens = tokensOf('Old ships. New harbours, lighthouses');
    expect(tokens.map(({ opens }) => opens)).toEqual([true, false, true, false, false]);
    expect(tokens.map(({ breaks }) => breaks)).toEqual([true, false, true, false, true]);
  });

  it('takes capitals for nothing where all are capitals', () => {
    expect(words('BRASS DESK LAMP FOR NASA')).toEqual(['brass', 'desk', 'lamp', 'for', 'nasa']);
    expect(words('Pictures of NASA')).toEqual(['Pictures', 'of', 'NASA']);
  });

  it('knows a function word of another language from a name', () => {
    const functions = (text: string) => tokensOf(text).filter(({ isFunction }) => isFunction);
    expect(functions('Der Mann und los')).toHaveLength(3);
    expect(functions('Seen in Los Angeles').map(({ lower }) => lower)).toEqual(['in']);
  });

  it('divides scripts that have no blanks', () => {
    expect(words('東京の映画')).toEqual(['東京', '映画']);
  });
});

it('has one stem for singular and plural', () => {
  for (const [one, many] of ['film films', 'story stories', 'box boxes', 'glass glasses', 'watch watches'].map((pair) =>
    pair.split(' '),
  )) {
    expect(stemOf(many)).toBe(stemOf(one));
  }
  expect(stemOf('virus')).toBe('virus');
});
