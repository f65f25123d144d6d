import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  CreateDatasetCommand,
  CreateDatasetImportJobCommand,
  CreateSchemaCommand,
  DescribeDatasetCommand,
  DescribeDatasetImportJobCommand,
} from '@aws-sdk/client-personalize';
import type { PreparedData } from './prepared-data.ts';
import { interactionsSchema, itemsSchema } from './schemas.ts';
import { answered, type Session, untilActive } from './steps.ts';

const bucket = 'openpersonalize-quickstart';

/** Where a run's data goes: its dataset group, and the folder that stands for the user's buckets. */
export type Destination = { readonly run: string; readonly datasetGroupArn: string; readonly bucketsFolder: string };

/**
 * Brings the prepared files into datasets of the group: schema, dataset, upload, import job, one file after the other.
 */
export async function importData(session: Session, data: PreparedData, destination: Destination): Promise<void> {
  const interactions = { datasetType: 'Interactions', schema: interactionsSchema, file: data.interactionsFile };
  await importFile(session, interactions, destination);
  if (data.itemsFile !== undefined) {
    await importFile(session, { datasetType: 'Items', schema: itemsSchema, file: data.itemsFile }, destination);
  }
}

export type Source = { readonly datasetType: string; readonly schema: string; readonly file: string };

/** Schema, dataset, upload and import job of one file. */
export async function importFile(session: Session, source: Source, destination: Destination): Promise<void> {
  const { personalize } = session;
  const { datasetGroupArn } = destination;
  const name = `${destination.run}-${source.datasetType.toLowerCase()}`;

  const { schemaArn } = await personalize.send(new CreateSchemaCommand({ name, schema: source.schema }));
  const created = await personalize.send(
    new CreateDatasetCommand({ name, datasetGroupArn, schemaArn, datasetType: source.datasetType }),
  );
  const datasetArn = answered(created.datasetArn, 'datasetArn');
  await untilActive(session, { arn: datasetArn, advice: 'Start the quickstart again.' }, async () => {
    const described = await personalize.send(new DescribeDatasetCommand({ datasetArn }));
    return described.dataset;
  });

  const key = `${destination.run}/${basename(source.file)}`;
  await upload(source.file, join(destination.bucketsFolder, bucket, key));
  const job = await personalize.send(
    new CreateDatasetImportJobCommand({
      jobName: name,
      datasetArn,
      dataSource: { dataLocation: `s3://${bucket}/${key}` },
      roleArn: 'arn:aws:iam::000000000000:role/Quickstart',
      importMode: 'FULL',
    }),
  );
  const datasetImportJobArn = answered(job.datasetImportJobArn, 'datasetImportJobArn');
  const step = {
    arn: datasetImportJobArn,
    label: `Import of ${source.datasetType}`,
    advice: 'Correct the data and start the quickstart again.',
  };
  await untilActive(session, step, async () => {
    const described = await personalize.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }));
    return described.datasetImportJob;
  });
}

/** A bucket is a folder of this machine: to upload is to copy. */
async function upload(file: string, path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await copyFile(file, path);
}
