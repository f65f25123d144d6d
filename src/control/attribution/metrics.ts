import { invalidInput, ServiceError } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import {
  ExpressionError,
  type MetricExpression,
  parseExpression,
  summedColumn,
} from '../../data/attribution/expression.ts';
import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { DatasetType } from '../../data/dataset-types.ts';
import type { DatasetGroup } from '../datasets/dataset-group-kind.ts';
import { datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import { type Queryable, selectResources } from '../resources/resource-store.ts';
import type { AttributionMetric } from './metric-attribution-kind.ts';

type AskedMetric = Input<'CreateMetricAttribution'>['metrics'][number];

/** The schemas of a group's datasets by type. */
export type GroupSchemas = ReadonlyMap<DatasetType, DatasetSchema>;

export async function schemasOf(db: Queryable, { account, region, arn: parent }: DatasetGroup): Promise<GroupSchemas> {
  const datasets = await selectResources(db, datasetKind, { account, region, parent });
  return new Map(
    await Promise.all(
      datasets.map(async (dataset) => [dataset.document.datasetType, await schemaOf(db, dataset)] as const),
    ),
  );
}

/** @throws ServiceError InvalidInputException unless events of the group have a type (spec batch.md §8) */
export function requireEventType(schemas: GroupSchemas, { arn }: DatasetGroup): void {
  const schema = schemas.get('INTERACTIONS');
  if (!schema)
    throw invalidInput(`Dataset group ${arn} has no Interactions dataset; create one with EVENT_TYPE first.`);
  if (schema.fields.some(({ name }) => name.toUpperCase() === 'EVENT_TYPE')) return;
  throw invalidInput(`The schema of the Interactions dataset of ${arn} has no EVENT_TYPE, which metrics need.`);
}

/** What metrics are added to, and with what they must agree. */
export type AddedTo = {
  readonly arn: string;
  readonly present: readonly AttributionMetric[];
  readonly nextNumber: number;
  readonly most: number;
  readonly schemas: GroupSchemas;
  /** Position of the record log after which events count. */
  readonly since: number;
  /** The error of the operation for too many metrics. */
  tooMany(message: string): ServiceError;
};

/**
 * Metrics as they are counted. Names are the same that differ in case alone: CloudWatch has them in upper case.
 *
 * @throws ServiceError InvalidInputException for an expression that is wrong, ResourceAlreadyExistsException for a name
 *   that is there, `tooMany`
 */
export function addedMetrics(
  asked: readonly AskedMetric[],
  { arn, present, nextNumber, most, schemas, since, tooMany }: AddedTo,
): AttributionMetric[] {
  const names = new Set(present.map(({ metricName }) => metricName.toUpperCase()));
  const metrics = asked.map(({ metricName, eventType, expression }, index) => {
    if (names.has(metricName.toUpperCase())) throw alreadyThere(arn, metricName);
    names.add(metricName.toUpperCase());
    const parsed = readExpression(expression, metricName, schemas);
    return { metricName, eventType, expression, parsed, number: nextNumber + index, since };
  });
  if (names.size <= most) return metrics;
  throw tooMany(`Metric attribution ${arn} would have ${names.size} metrics; it may have ${most}.`);
}

const alreadyThere = (arn: string, name: string) =>
  new ServiceError('ResourceAlreadyExistsException', `Metric attribution ${arn} already has a metric ${name}.`, arn);

function readExpression(text: string, metricName: string, schemas: GroupSchemas): MetricExpression {
  try {
    const expression = parseExpression(text);
    if (expression.math === 'samplecount') return expression;
    return { ...expression, column: summedColumn(expression, schemas.get(expression.dataset)) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw invalidInput(`The expression ${JSON.stringify(text)} of metric ${metricName} is wrong: ${error.message}`);
  }
}
