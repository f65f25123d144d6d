import { describe, expect, it } from 'vitest';
import { recipes, withdrawnRecipes } from './catalogue.ts';
import { parameterViolations, resolveParameters } from './parameters.ts';
import { popularityCount } from './popularity-count.ts';
import { sims } from './sims.ts';
import { trendingNow } from './trending-now.ts';
import { userPersonalization } from './user-personalization.ts';

const violations = (recipe: typeof sims, algorithmHyperParameters: Record<string, string>) =>
  parameterViolations(recipe, { algorithmHyperParameters });

describe('parameterViolations', () => {
  it('takes values within range, at their bounds, and booleans in any case', () => {
    expect(
      parameterViolations(userPersonalization, {
        algorithmHyperParameters: { hidden_dimension: '32', bptt: '32', recency_mask: 'true' },
        featureTransformationParameters: { max_user_history_length_percentile: '1.0' },
      }),
    ).toEqual([]);
    expect(violations(userPersonalization, { recency_mask: 'False' })).toEqual([]);
    for (const trend_discovery_frequency of ['30 minutes', '30 min', '1h', '1 Hour', '2 hours', '3h', '1 day']) {
      const featureTransformationParameters = { trend_discovery_frequency };
      expect(parameterViolations(trendingNow, { featureTransformationParameters })).toEqual([]);
    }
    expect(violations(sims, { popularity_discount_factor: '.5', min_cointeraction_count: '0' })).toEqual([]);
  });

  it.each([
    ['hidden_dimension', '31', 'an integer from 32 to 256'],
    ['hidden_dimension', '257', 'an integer from 32 to 256'],
    ['hidden_dimension', '64.5', 'an integer from 32 to 256'],
    ['hidden_dimension', 'many', 'an integer from 32 to 256'],
    ['bptt', '', 'an integer from 2 to 32'],
    ['recency_mask', 'yes', 'one of True, False'],
  ])('refuses %s "%s" and says what it must be', (name, value, expected) => {
    expect(violations(userPersonalization, { [name]: value })).toEqual([
      `algorithmHyperParameters: ${name} must be ${expected}, not "${value}".`,
    ]);
  });

  it('refuses a name that the recipe does not have, and one in the other map', () => {
    expect(violations(userPersonalization, { layers: '2' })[0]).toContain('has no parameter layers; it has hidden_dim');
    expect(violations(trendingNow, { trend_discovery_frequency: '1 day' })).toEqual([
      'algorithmHyperParameters: trend_discovery_frequency is a parameter of aws-trending-now in ' +
        'featureTransformationParameters; give it there.',
    ]);
    expect(parameterViolations(sims, { featureTransformationParameters: { top_n: '10' } })[0]).toContain(
      'in algorithmHyperParameters; give it there.',
    );
    expect(violations(popularityCount, { anything: '1' })[0]).toContain('it has none');
  });

  it('takes each parameter under the names that the service gives back, and trains by it', () => {
    const algorithmHyperParameters = {
      'training.bptt': '16',
      'data.recency_mask': 'False',
      'model.hidden_dimension': '64',
    };
    const featureTransformationParameters = { min_hist_length_percentile: '0.05', max_hist_length_percentile: '0.95' };
    const given = { algorithmHyperParameters, featureTransformationParameters };
    expect(parameterViolations(userPersonalization, given)).toEqual([]);
    const resolved = resolveParameters(userPersonalization, {
      ...algorithmHyperParameters,
      ...featureTransformationParameters,
    });
    expect([resolved.number('bptt'), resolved.number('hidden_dimension'), resolved.flag('recency_mask')]).toEqual([
      16,
      64,
      false,
    ]);
    expect(resolved.number('min_user_history_length_percentile')).toBe(0.05);
    expect(resolved.number('max_user_history_length_percentile')).toBe(0.95);
  });

  it('takes every parameter of every recipe with a prefix, and holds it to the same range', () => {
    for (const recipe of recipes) {
      for (const map of ['algorithmHyperParameters', 'featureTransformationParameters'] as const) {
        for (const parameter of recipe[map]) {
          const [good, bad] = parameter.kind === 'categorical' ? [parameter.default, 'x'] : [`${parameter.min}`, '-1'];
          const check = (value: string) =>
            parameterViolations(recipe, { [map]: { [`training.${parameter.name}`]: value } });
          expect(check(good)).toEqual([]);
          expect(check(bad)[0]).toContain(`${map}: training.${parameter.name} must be `);
        }
      }
    }
  });

  it('refuses one parameter under two names, and no name that is but a word of the language', () => {
    expect(violations(userPersonalization, { bptt: '16', 'training.bptt': '8' })).toEqual([
      'algorithmHyperParameters: bptt and training.bptt are the same parameter; give one of them.',
    ]);
    for (const name of ['constructor', 'training.constructor', '__proto__x', 'training.', 'other.bptt']) {
      expect(violations(userPersonalization, { [name]: '1' })[0]).toContain(`has no parameter ${name};`);
    }
  });

  it('takes the parameters of 2019 for aws-sims', () => {
    expect(violations(sims, { alpha: '0.5', copurchase_delta: '10', top_n: '100', epsilon_smoothing: '3' })).toEqual(
      [],
    );
  });
});

describe('resolveParameters', () => {
  it("gives the caller's value, then the default, and nothing where neither is", () => {
    const parameters = resolveParameters(sims, { popularity_discount_factor: '0.25' });
    expect(parameters.number('popularity_discount_factor')).toBe(0.25);
    expect(parameters.number('min_cointeraction_count')).toBe(3);
    expect(parameters.optionalNumber('copurchase_delta')).toBeUndefined();
    expect(() => parameters.number('copurchase_delta')).toThrow('no default for copurchase_delta');
    expect(() => parameters.number('unheard_of')).toThrow('no parameter unheard_of');
    expect(resolveParameters(userPersonalization, {}).flag('recency_mask')).toBe(true);
    const frequency = (given: Record<string, string>) =>
      resolveParameters(trendingNow, given).word('trend_discovery_frequency');
    expect(frequency({})).toBe('2 hours');
    expect(frequency({ trend_discovery_frequency: '30 Min' })).toBe('30 minutes');
    expect(frequency({ trend_discovery_frequency: '1 DAY' })).toBe('1 day');
    expect(resolveParameters(userPersonalization, { recency_mask: 'false' }).flag('recency_mask')).toBe(false);
  });
});

describe('the catalogue', () => {
  it('has every recipe of the service once, in order of name', () => {
    const names = recipes.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(new Set([...names, ...withdrawnRecipes]).size).toBe(names.length + withdrawnRecipes.length);
  });

  it('has defaults within their ranges', () => {
    for (const recipe of recipes) {
      const given = (list: typeof recipe.algorithmHyperParameters) =>
        Object.fromEntries(
          list.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, `${value}`]])),
        );
      expect(
        parameterViolations(recipe, {
          algorithmHyperParameters: given(recipe.algorithmHyperParameters),
          featureTransformationParameters: given(recipe.featureTransformationParameters),
        }),
      ).toEqual([]);
    }
  });
});
