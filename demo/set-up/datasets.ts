import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateSchemaCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeDatasetImportJobCommand,
  type Domain,
  paginateListDatasetGroups,
  paginateListDatasetImportJobs,
  paginateListDatasets,
  paginateListSchemas,
} from '@aws-sdk/client-personalize';
import { answered } from '../../src/quickstart/steps.ts';
import type { Table } from '../world/world.ts';
import { awaited, ensure, firstOf, found, tryAgain } from './ensure.ts';
import type { Service } from './service.ts';
import { upload } from './upload.ts';

/** A dataset group, by its name, with what the names of its resources begin with. */
export type Group = { readonly name: string; readonly arn: string; readonly domain: Domain | undefined };

/** The group, and when it was created (Unix epoch seconds). */
export async function ensureGroup(service: Service, name: string, domain?: Domain): Promise<Group & { since: number }> {
  const { personalize } = service;
  const describe = async (datasetGroupArn: string) =>
    (await personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }))).datasetGroup;
  const arn = await ensure(service, {
    advice: tryAgain,
    find: async () =>
      (
        await firstOf(
          paginateListDatasetGroups({ client: personalize }, {}),
          ({ datasetGroups }) => datasetGroups,
          (group) => group.name === name,
        )
      )?.datasetGroupArn,
    create: async () => (await personalize.send(new CreateDatasetGroupCommand({ name, domain }))).datasetGroupArn,
    describe,
  });
  const created = answered((await describe(arn))?.creationDateTime, 'creationDateTime');
  return { name, arn, domain, since: Math.floor(created.getTime() / 1000) };
}

export type Source = {
  readonly datasetType: 'Interactions' | 'Items' | 'Users' | 'Actions' | 'Action_Interactions';
  /** Avro fields of the schema. */
  readonly fields: readonly object[];
  readonly table: Table;
};

/** Schema, dataset, upload and import of one table. An import that an earlier run began is waited for. */
export async function ensureDataset(service: Service, group: Group, source: Source): Promise<string> {
  const { personalize } = service;
  const datasetArn = await ensureEmptyDataset(service, group, source);
  const jobs = [];
  for await (const page of paginateListDatasetImportJobs({ client: personalize }, { datasetArn })) {
    jobs.push(...(page.datasetImportJobs ?? []));
  }
  const going = jobs.find(({ status }) => !status?.includes('FAILED') && !status?.includes('STOP'));
  const name = `${group.name}-${source.datasetType.toLowerCase()}`;
  const jobArn =
    going?.datasetImportJobArn ?? (await startImport(service, datasetArn, `${name}-${jobs.length + 1}`, source.table));
  await awaited(service, jobArn, {
    label: importLabel(group, source),
    advice: tryAgain,
    describe: async (datasetImportJobArn) =>
      (await personalize.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }))).datasetImportJob,
  });
  return datasetArn;
}

/** The group of actions, which has no domain, imports interactions and users once more. */
function importLabel({ domain }: Group, { datasetType }: Source): string {
  const isAgain = domain === undefined && !datasetType.startsWith('Action');
  return `Import of ${datasetType.replace('_', ' ').toLowerCase()}${isAgain ? ', for actions' : ''}`;
}

async function startImport(service: Service, datasetArn: string, jobName: string, table: Table): Promise<string> {
  const dataLocation = await upload(service, `${jobName}.csv`, table);
  const created = await service.personalize.send(
    new CreateDatasetImportJobCommand({
      jobName,
      datasetArn,
      dataSource: { dataLocation },
      roleArn: service.roleArn,
      importMode: 'FULL',
    }),
  );
  return answered(created.datasetImportJobArn, 'datasetImportJobArn');
}

async function ensureEmptyDataset(service: Service, group: Group, source: Source): Promise<string> {
  const { personalize } = service;
  const { datasetType } = source;
  const name = `${group.name}-${datasetType.toLowerCase()}`;
  return await ensure(service, {
    advice: tryAgain,
    find: async () =>
      (
        await firstOf(
          paginateListDatasets({ client: personalize }, { datasetGroupArn: group.arn }),
          ({ datasets }) => datasets,
          (dataset) => dataset.datasetType?.toLowerCase() === datasetType.toLowerCase(),
        )
      )?.datasetArn,
    create: async () => {
      const schemaArn = await ensureSchema(service, name, group.domain, source);
      const settings = { name, datasetType, datasetGroupArn: group.arn, schemaArn };
      return (await personalize.send(new CreateDatasetCommand(settings))).datasetArn;
    },
    describe: async (datasetArn) => (await personalize.send(new DescribeDatasetCommand({ datasetArn }))).dataset,
  });
}

async function ensureSchema(
  { personalize }: Service,
  name: string,
  domain: Domain | undefined,
  { datasetType, fields }: Source,
): Promise<string> {
  const schema = JSON.stringify({
    type: 'record',
    name: datasetType.replace('_', ''),
    namespace: 'com.amazonaws.personalize.schema',
    fields,
    version: '1.0',
  });
  return await found({
    find: async () =>
      (
        await firstOf(
          paginateListSchemas({ client: personalize }, {}),
          ({ schemas }) => schemas,
          (each) => each.name === name,
        )
      )?.schemaArn,
    create: async () => (await personalize.send(new CreateSchemaCommand({ name, schema, domain }))).schemaArn,
  });
}
