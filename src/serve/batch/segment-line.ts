import { ServiceError } from '../../contract/errors.ts';
import { validate } from '../../contract/validate.ts';
import { type SegmentKey, SegmentSubjectError } from '../../learn/model/segment-model.ts';
import type { FilterValues } from '../filters/filter-values.ts';
import type { Line } from './line.ts';

/** What a line of a segment job asks. */
export type SegmentLine = {
  /** An item id, or an expression of attributes. */
  readonly subject: string;
  readonly values: FilterValues;
};

/** Lines as they should be, and the key that they may have instead by mistake. */
const examples = {
  itemId: { line: '{"itemId":"i7"}', other: 'itemAttributes' },
  itemAttributes: { line: '{"itemAttributes":"ITEMS.GENRE = \\"Noir\\""}', other: 'itemId' },
} as const satisfies Record<SegmentKey, { readonly line: string; readonly other: SegmentKey }>;

/** @throws SegmentSubjectError */
export function segmentLine(
  { input }: Pick<Line, 'input'>,
  { recipeName, key }: { readonly recipeName: string; readonly key: SegmentKey },
): SegmentLine {
  const subject = input[key];
  const { line, other } = examples[key];
  const example = `lines for ${recipeName} look like ${line}`;
  if (subject === undefined || subject === '') {
    const found = input[other] === undefined ? `The line has no ${key}` : `The line has ${other} and no ${key}`;
    throw new SegmentSubjectError(`${found}; ${example}.`);
  }
  if (typeof subject !== 'string') throw new SegmentSubjectError(`${key} must be a text; ${example}.`);
  return { subject, values: valuesOf(key === 'itemId' ? subject : undefined, input.filterValues) };
}

/** Both are held against the rules of a request. @throws SegmentSubjectError */
function valuesOf(itemId: string | undefined, filterValues: unknown): FilterValues {
  try {
    return validate('GetRecommendations', { itemId, filterValues }).filterValues ?? {};
  } catch (error) {
    if (error instanceof ServiceError) throw new SegmentSubjectError(error.message);
    throw error;
  }
}
