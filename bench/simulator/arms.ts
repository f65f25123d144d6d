import type { RecipeName } from './prepared-home.ts';

/** A way of recommending that is compared with others. */
export type Arm = {
  readonly name: string;
  readonly recipe: RecipeName;
  /** When the service is sent what visitors took. */
  readonly events: 'at once' | 'at night' | 'never';
  /** Of the campaign; absent where the recipe settles it by itself. */
  readonly explorationWeight?: number;
};

/**
 * Those of a recipe follow one another; the others are compared with the first, which is all that can be had without
 * real time.
 */
export const arms: readonly Arm[] = [
  { name: 'v1, events at night', recipe: 'v1', events: 'at night', explorationWeight: 0 },
  { name: 'v1, no events', recipe: 'v1', events: 'never', explorationWeight: 0 },
  { name: 'v1, real time', recipe: 'v1', events: 'at once', explorationWeight: 0 },
  { name: 'v1, real time, exploration 0.1', recipe: 'v1', events: 'at once', explorationWeight: 0.1 },
  { name: 'v1, real time, exploration 0.3', recipe: 'v1', events: 'at once', explorationWeight: 0.3 },
  { name: 'v1, real time, exploration 1', recipe: 'v1', events: 'at once', explorationWeight: 1 },
  { name: 'v2, events at night', recipe: 'v2', events: 'at night' },
  { name: 'v2, no events', recipe: 'v2', events: 'never' },
  { name: 'v2, real time', recipe: 'v2', events: 'at once' },
];
