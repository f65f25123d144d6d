import { personalizeArn } from '../arn-pattern.ts';
import { double, integer, map, type Static, string } from '../shape.ts';

export const Arn = string({ max: 256, ...personalizeArn });
export type Arn = Static<typeof Arn>;

export const FilterAttributeName = string({ max: 50, pattern: '[A-Za-z0-9_]+' });
export type FilterAttributeName = Static<typeof FilterAttributeName>;

export const FilterAttributeValue = string({ max: 1000, sensitive: true });
export type FilterAttributeValue = Static<typeof FilterAttributeValue>;

export const FilterValues = map(FilterAttributeName, FilterAttributeValue, { max: 25 });
export type FilterValues = Static<typeof FilterValues>;

export const NumResults = integer({ min: 0 });
export type NumResults = Static<typeof NumResults>;

export const RecommendationID = string();
export type RecommendationID = Static<typeof RecommendationID>;

export const Score = double();
export type Score = Static<typeof Score>;

export const UserID = string({ max: 256 });
export type UserID = Static<typeof UserID>;
