import { operation } from '../operation.ts';
import { Empty, jsonText, list, optional, string, structure } from '../shape.ts';
import { Arn, StringType } from './common.ts';

const ItemProperties = string({ min: 1, max: 32000, sensitive: true });

const Item = structure({
  itemId: StringType,
  properties: optional(jsonText(ItemProperties)),
});

export const PutItems = operation({
  name: 'PutItems',
  service: 'personalize-events',
  path: '/items',
  input: structure({
    datasetArn: Arn,
    items: list(Item, { min: 1, max: 10 }),
  }),
  output: Empty,
  resources: ['datasetArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});
