import { personalizeArn } from '../arn.ts';
import { double, integer, map, optional, string, structure } from '../shape.ts';

export const Arn = string({ max: 256, ...personalizeArn });
const FilterAttributeName = string({ max: 50, pattern: '[A-Za-z0-9_]+' });
const FilterAttributeValue = string({ max: 1000, sensitive: true });
export const FilterValues = map(FilterAttributeName, FilterAttributeValue, { max: 25 });
export const NumResults = integer({ min: 0 });
export const RecommendationID = string();
export const Score = double();
export const UserID = string({ max: 256 });
export const ItemID = string({ max: 256 });
const AttributeName = string({ max: 150, pattern: '[A-Za-z\\d_]+' });
const AttributeValue = string({ max: 1000, sensitive: true });
export const Context = map(AttributeName, AttributeValue, { max: 150 });
export const Name = string({ min: 1, max: 63, pattern: '^[a-zA-Z0-9][a-zA-Z0-9\\-_]*' });
const PercentPromotedItems = integer({ min: 1, max: 100 });

export const Promotion = structure({
  name: optional(Name),
  percentPromotedItems: optional(PercentPromotedItems),
  filterArn: optional(Arn),
  filterValues: optional(FilterValues),
});
