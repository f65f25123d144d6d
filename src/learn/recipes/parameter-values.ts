/** Resolved settings: every hyperparameter of the recipe by name, the caller's value or the default. */
export type Parameters = {
  /** @throws Error if the recipe has no such number, or neither caller nor catalogue gives it a value. */
  number(name: string): number;
  /** For a setting without a default. */
  optionalNumber(name: string): number | undefined;
  /** Of a setting with the values True and False. */
  flag(name: string): boolean;
  /** Of a setting with other words: the caller's or the default, as the catalogue writes it. */
  word(name: string): string;
};
