import { operation } from '../operation.ts';
import { Empty, jsonText, list, optional, type Static, string, structure } from '../shape.ts';
import { Arn, StringType } from './common.ts';

export const ItemProperties = string({ min: 1, max: 32000, sensitive: true });
export type ItemProperties = Static<typeof ItemProperties>;

export const Item = structure({
  itemId: StringType,
  properties: optional(jsonText(ItemProperties)),
});
export type Item = Static<typeof Item>;

export const ItemList = list(Item, { min: 1, max: 10 });
export type ItemList = Static<typeof ItemList>;

export const PutItemsRequest = structure({
  datasetArn: Arn,
  items: ItemList,
});
export type PutItemsRequest = Static<typeof PutItemsRequest>;

export const PutItems = operation({
  name: 'PutItems',
  service: 'personalize-events',
  path: '/items',
  input: PutItemsRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});
