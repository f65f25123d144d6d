/** An expression that is no filter. The message is for the person who wrote it, with the service's wording if known. */
export class FilterError extends Error {
  override name = 'FilterError';
  /** The character of the expression, from 1, where the first token begins that is wrong. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** Values of a request that do not fit the placeholders of its filter. */
export class FilterValuesError extends Error {
  override name = 'FilterValuesError';
  /** The placeholder, without `$`; undefined where the map as a whole is wrong. */
  readonly placeholder: string | undefined;

  constructor(message: string, placeholder?: string) {
    super(message);
    this.placeholder = placeholder;
  }
}

/** An error of syntax or meaning. The service's text begins like this; its tail is not published. */
export const invalidExpression = (reason: string, position: number): FilterError =>
  new FilterError(`Could not create filter. Invalid Expression at character ${position}: ${reason}.`, position);

/** The service's own words for a placeholder where none may stand. */
export const placeholderWithNotIn = (name: string, position: number): FilterError =>
  new FilterError(
    `Could not create filter. Invalid input symbol: $${name}. Placeholders are not allowed with NOT_IN operator.`,
    position,
  );
