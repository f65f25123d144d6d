import { describe, expect, it } from 'vitest';
import type { ColumnRole } from './column-roles.ts';
import type { Facet } from './facets.ts';
import type { Head } from './head-noun.ts';
import { phraseUses } from './phrases.ts';
import { titleOf } from './title.ts';
import { stemOf, tokensOf } from './tokens.ts';

const rest = { items: new Set([0]), weight: 1 };
const value = (role: ColumnRole, text: string): Facet => ({
  said: { by: 'value', role, value: text, isGenre: false },
  ...{ ...rest, term: text, stems: [stemOf(text.toLowerCase())] },
});
const decade = (n: number): Facet => ({ said: { by: 'decade', decade: n }, ...rest, term: `${n}`, stems: [] });
/** A phrase as these texts use it. */
function phrase(text: string, ...texts: string[]): Facet {
  const stems = tokensOf(text).map(({ stem }) => stem);
  const uses = phraseUses(
    texts.map((used, item) => ({ item, tokens: tokensOf(used), isName: false })),
    1,
  );
  const use = uses.find((each) => each.stems.join(' ') === stems.join(' '));
  if (!use) throw new Error(`No text has ${text}.`);
  return { said: { by: 'phrase', use }, ...rest, term: text, stems };
}

const called = (noun: string | undefined, tells = true): Head => ({
  ...{ noun, tells, stem: noun && stemOf(noun), isOfNames: false },
});

describe('a title', () => {
  it.each<[string, readonly Facet[], Head]>([
    ['Slow films', [phrase('slow', 'A slow film about rain.', 'One slow film.')], called('films')],
    [
      'Films set at sea',
      [phrase('sea', 'A drama set at sea.', 'Lost at sea, alone.', 'It is set at sea.')],
      called('films'),
    ],
    ['Films about vampires', [phrase('vampires', 'Vampires hunt.', 'All vampires, always.')], called('films')],
    ['Heist films', [phrase('heist', 'The heist goes wrong.', 'A heist.')], called('films')],
    ['Films in the desert', [phrase('desert', 'Alone in the desert.', 'War in the desert.')], called('films')],
    ['Jazz records from the 1960s', [value('kind', 'Jazz'), decade(1960)], called('records')],
    ['Romantic comedies', [value('kind', 'Romance')], called('comedies')],
    ['Comedies and dramas', [value('kind', 'Drama')], called('comedies')],
    ['Comedy and romance', [value('kind', 'Comedy'), value('kind', 'Romance')], called(undefined)],
    ['Noir films', [value('kind', 'Film-Noir')], called('films')],
    ['Red lamps by Lumo', [value('maker', 'Lumo'), value('quality', 'Red')], called('lamps', false)],
    ['Films from Japan', [value('place', 'japan')], called('films')],
    ['Films in French', [value('language', 'French')], called('films')],
    ['Shoes for women', [value('audience', 'Women')], called('shoes', false)],
    ['Recipes with saffron', [value('part', 'saffron')], called('recipes')],
    ['Items by Lumo', [value('maker', 'Lumo')], called(undefined)],
  ])('is %s', (title, facets, head) => {
    expect(titleOf(facets, head)).toEqual({ title, said: facets });
  });

  it('leaves out the last things if it gets too long', () => {
    const facets = [
      value('kind', 'Comedy'),
      value('maker', 'A maker whose name is very long'),
      value('place', 'Japan'),
    ];
    const title = 'Comedy films by A maker whose name is very long from Japan';
    expect(titleOf([...facets, decade(1990)], called('films'))).toEqual({ title, said: facets });
  });

  it('is none if there is nothing to say', () => {
    expect(titleOf([], called('films'))).toBeUndefined();
    expect(titleOf([value('maker', 'x'.repeat(70))], called('films'))).toBeUndefined();
  });
});
