import {
  CreateEventTrackerCommand,
  CreateFilterCommand,
  CreateRecommenderCommand,
  DeleteRecommenderCommand,
  DescribeEventTrackerCommand,
  DescribeFilterCommand,
  DescribeRecommenderCommand,
  paginateListEventTrackers,
  paginateListFilters,
  paginateListRecommenders,
} from '@aws-sdk/client-personalize';
import { answered, untilGone } from '../../src/quickstart/steps.ts';
import type { Row } from '../plan.ts';
import type { Group } from './datasets.ts';
import { awaited, ensure, firstOf, found, tryAgain } from './ensure.ts';
import type { Service } from './service.ts';

/** Creates the recommenders of all rows at once, then waits for one after the other. @returns ARNs by row key */
export async function ensureRecommenders(
  service: Service,
  group: Group,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  const started: { readonly row: Row; readonly arn: string }[] = [];
  for (const row of rows) started.push({ row, arn: await startRecommender(service, group, row) });
  for (const { row, arn } of started) {
    await awaited(service, arn, {
      label: plainTitle(row),
      advice: tryAgain,
      describe: (recommenderArn) => describeRecommender(service, recommenderArn),
    });
  }
  return new Map(started.map(({ row, arn }) => [row.key, arn]));
}

const plainTitle = ({ title, afterTaking = title }: Row) =>
  afterTaking.replaceAll(/ (for )?\{\w+\}/g, (_, word) => (word ? ' for you' : ' X'));

async function startRecommender(service: Service, group: Group, { key, recipe }: Row): Promise<string> {
  const { personalize } = service;
  const name = `${group.name}-${key}`;
  return await found({
    find: async () => {
      const earlier = await firstOf(
        paginateListRecommenders({ client: personalize }, { datasetGroupArn: group.arn }),
        ({ recommenders }) => recommenders,
        (recommender) => recommender.name === name,
      );
      if (earlier?.status !== 'CREATE FAILED') return earlier?.recommenderArn;
      const { recommenderArn } = earlier;
      await personalize.send(new DeleteRecommenderCommand({ recommenderArn }));
      await untilGone(() => personalize.send(new DescribeRecommenderCommand({ recommenderArn })));
      return undefined;
    },
    create: async () => {
      const recipeArn = `arn:aws:personalize:::recipe/${recipe}`;
      const settings = { name, datasetGroupArn: group.arn, recipeArn };
      return (await personalize.send(new CreateRecommenderCommand(settings))).recommenderArn;
    },
  });
}

const describeRecommender = async ({ personalize }: Service, recommenderArn: string) =>
  (await personalize.send(new DescribeRecommenderCommand({ recommenderArn }))).recommender;

/** @returns the ARN of the filter with this expression */
export async function ensureFilter(
  service: Service,
  group: Group,
  key: string,
  filterExpression: string,
): Promise<string> {
  const { personalize } = service;
  const name = `${group.name}-${key}`;
  return await ensure(service, {
    advice: tryAgain,
    find: async () =>
      (
        await firstOf(
          paginateListFilters({ client: personalize }, { datasetGroupArn: group.arn }),
          ({ Filters }) => Filters,
          (filter) => filter.name === name,
        )
      )?.filterArn,
    create: async () => {
      const settings = { name, datasetGroupArn: group.arn, filterExpression };
      return (await personalize.send(new CreateFilterCommand(settings))).filterArn;
    },
    describe: async (filterArn) => (await personalize.send(new DescribeFilterCommand({ filterArn }))).filter,
  });
}

/** @returns the tracking id of the group's event tracker */
export async function ensureTracker(service: Service, group: Group): Promise<string> {
  const { personalize } = service;
  const describe = async (eventTrackerArn: string) =>
    (await personalize.send(new DescribeEventTrackerCommand({ eventTrackerArn }))).eventTracker;
  const arn = await ensure(service, {
    advice: tryAgain,
    find: async () =>
      (
        await firstOf(
          paginateListEventTrackers({ client: personalize }, { datasetGroupArn: group.arn }),
          ({ eventTrackers }) => eventTrackers,
          ({ status }) => !status?.startsWith('DELETE'),
        )
      )?.eventTrackerArn,
    create: async () => {
      const settings = { name: `${group.name}-site`, datasetGroupArn: group.arn };
      return (await personalize.send(new CreateEventTrackerCommand(settings))).eventTrackerArn;
    },
    describe,
  });
  return answered((await describe(arn))?.trackingId, 'trackingId');
}
