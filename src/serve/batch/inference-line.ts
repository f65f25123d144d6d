import { ServiceError } from '../../contract/errors.ts';
import { validate } from '../../contract/validate.ts';
import type { RequestContext } from '../../learn/model/model.ts';
import type { ItemType, RequestId } from '../../learn/recipes/recipe.ts';
import type { FilterValues } from '../filters/filter-values.ts';
import type { Line } from './line.ts';

/** What a line asks, checked as a request is. */
export type LineRequest = {
  readonly userId: string | undefined;
  readonly itemId: string | undefined;
  /** The items to rank, each once; none unless the recipe ranks. */
  readonly itemList: readonly string[];
  readonly context: RequestContext | undefined;
  readonly filterValues: FilterValues | undefined;
};

/** A line that cannot be answered; the message is the line's `error`. */
export class LineError extends Error {
  override name = 'LineError';
}

export type LineRules = {
  readonly recipeName: string;
  readonly recipeType: ItemType;
  readonly itemsToRank: number;
};

/** Most characters of an id, as of every id of the API. */
const mostCharacters = 256;

/** @throws LineError */
export function lineRequest({ input }: Pick<Line, 'input'>, rules: LineRules): LineRequest {
  const [needed, other]: readonly [RequestId, RequestId] =
    rules.recipeType === 'RELATED_ITEMS' ? ['itemId', 'userId'] : ['userId', 'itemId'];
  const { userId, itemId, context, filterValues } = checked(input);
  const id = needed === 'userId' ? userId : itemId;
  if (id === undefined || id === '') throw missing(needed, other, input, rules);
  const itemList = rules.recipeType === 'PERSONALIZED_RANKING' ? itemsToRank(input.itemList, rules) : [];
  return { userId: userId || undefined, itemId: itemId || undefined, itemList, context, filterValues };
}

type Members = Pick<LineRequest, 'userId' | 'itemId' | 'context' | 'filterValues'>;

/** The members that lines have in common with requests. Others are no concern of ours. */
function checked({ userId, itemId, context, filterValues }: Line['input']): Members {
  if (isGoodId(userId) && isGoodId(itemId) && context === undefined && filterValues === undefined) {
    return { userId, itemId, context, filterValues };
  }
  try {
    const valid = validate('GetRecommendations', { userId, itemId, context, filterValues });
    return { userId: valid.userId, itemId: valid.itemId, context: valid.context, filterValues: valid.filterValues };
  } catch (error) {
    if (error instanceof ServiceError) throw new LineError(error.message);
    throw error;
  }
}

const isGoodId = (id: unknown): id is string | undefined =>
  id === undefined || (typeof id === 'string' && id.length <= mostCharacters);

function missing(needed: RequestId, other: RequestId, input: Line['input'], rules: LineRules): LineError {
  const example =
    rules.recipeType === 'PERSONALIZED_RANKING'
      ? '"userId":"u7","itemList":["i1","i2"]'
      : `"${needed}":"${needed[0]}7"`;
  const found = input[other] !== undefined ? `The line has ${other} and no ${needed}` : `The line has no ${needed}`;
  return new LineError(`${found}; lines for ${rules.recipeName} look like {${example}}.`);
}

/** @throws LineError */
function itemsToRank(itemList: unknown, { itemsToRank: most, recipeName }: LineRules): readonly string[] {
  if (!Array.isArray(itemList) || itemList.length === 0) {
    const example = '{"userId":"u7","itemList":["i1","i2"]}';
    throw new LineError(`itemList must name at least one item; lines for ${recipeName} look like ${example}.`);
  }
  if (itemList.length > most) throw new LineError(`itemList must name no more than ${most} items.`);
  const ids: string[] = [];
  for (const id of itemList) {
    if (typeof id !== 'string' || !isGoodId(id)) {
      throw new LineError(`itemList must hold ids, texts of at most ${mostCharacters} characters.`);
    }
    ids.push(id);
  }
  return [...new Set(ids)];
}
