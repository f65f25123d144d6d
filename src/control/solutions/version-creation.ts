import { randomBytes, randomUUID } from 'node:crypto';
import { arnOf } from '../../contract/arn.ts';
import { enqueue } from '../jobs/queue.ts';
import type { Documents, Resource } from '../resources/resource.ts';
import { insertResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';

type VersionSettings = Pick<Documents['solution-version'], 'trainingMode' | 'trainingType'> & {
  readonly name?: string | undefined;
};

/** Makes a version of a solution, with the settings that the solution has now, and has it trained. @returns its ARN */
export async function createVersion(
  tx: Transaction,
  solution: Resource<'solution'>,
  { name, ...settings }: VersionSettings,
): Promise<string> {
  const id = randomBytes(4).toString('hex');
  const arn = arnOf(solution, 'solution-version', { solutionName: solution.name, id });
  await insertResource(tx, solution, {
    ...{ arn, kind: 'solution-version', name: name ?? `${solution.name}/${id}`, parent: solution.arn },
    document: { ...solutionSettingsOf(solution), ...settings, prefix: `models/${randomUUID()}/` },
  });
  await enqueue(tx, { kind: 'train-solution-version', resourceArn: arn });
  return arn;
}

function solutionSettingsOf({ parent, document }: Resource<'solution'>) {
  const { recipeArn, performHPO, performAutoML, performIncrementalUpdate, eventType } = document;
  const { solutionConfig, datasetColumns } = document;
  if (parent === null) throw new Error('A solution belongs to a dataset group.');
  return {
    ...{ recipeArn, performHPO, performAutoML, performIncrementalUpdate, eventType, solutionConfig, datasetColumns },
    datasetGroupArn: parent,
  };
}
