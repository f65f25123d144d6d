import { invalidInput } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { titleFor } from '../resources/kind.ts';
import { columnsNamed, metadataOf } from './metadata.ts';
import type { PredictedItem } from './predicted-item.ts';
import type { ReadyDeployment } from './ready-deployment.ts';
import { notYet } from './request-eligibility.ts';

/**
 * Adds metadata to the items of a list.
 *
 * @param wanted columns of items, as the request names them
 * @throws ServiceError InvalidInputException where the deployment does not give metadata, or there is no such column;
 *   ServiceUnavailable where it is not in memory in time
 */
export async function metadataAdder(
  { answers: { views }, records }: Pick<Context, 'answers' | 'records'>,
  ready: ReadyDeployment,
  wanted: readonly string[],
): Promise<(list: readonly PredictedItem[]) => PredictedItem[]> {
  const { kind, givesMetadata, deployment, datasetGroupArn = '', datasetGroupSequence = 0 } = ready;
  if (!givesMetadata) {
    const remedy = `update it with a ${kind.name}Config that has enableMetadataWithRecommendations`;
    throw invalidInput(`${titleFor(kind)} ${deployment.ownerArn} gives no metadata of items; ${remedy}.`);
  }
  const dataset = await records.datasets.find(`${datasetGroupArn.replace(':dataset-group/', ':dataset/')}/ITEMS`);
  const columns = columnsNamed(wanted, dataset?.fields);
  const group = { arn: datasetGroupArn, sequence: datasetGroupSequence };
  const items = await views.itemAttributes.find(group, { columns, model: deployment.model });
  if (!items) throw notYet('items');
  return (list) => list.map((item) => ({ ...item, metadata: metadataOf(items, columns, item.itemId) }));
}
