import { randomBytes, randomUUID } from 'node:crypto';
import { arnOf } from '../../contract/arn.ts';
import { enqueue } from '../jobs/queue.ts';
import { insertResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import type { Solution } from './solution-kind.ts';
import { type SolutionVersionDocument, solutionVersionKind } from './solution-version-kind.ts';

type VersionSettings = Pick<SolutionVersionDocument, 'trainingMode' | 'trainingType'> & {
  readonly name?: string | undefined;
};

/** Makes a version of a solution, with the settings that the solution has now, and has it trained. @returns its ARN */
export async function createVersion(
  tx: Transaction,
  solution: Solution,
  { name, ...settings }: VersionSettings,
): Promise<string> {
  const id = randomBytes(4).toString('hex');
  const arn = arnOf(solution, solutionVersionKind.arnPath, { solutionName: solution.name, id });
  await insertResource(tx, solutionVersionKind, solution, {
    ...{ arn, name: name ?? `${solution.name}/${id}`, parent: solution.arn },
    document: { ...solutionSettingsOf(solution), ...settings, prefix: `models/${randomUUID()}/` },
  });
  await enqueue(tx, { kind: 'train-solution-version', resourceArn: arn });
  return arn;
}

function solutionSettingsOf({ parent, document }: Solution) {
  const { recipeArn, performHPO, performAutoML, performIncrementalUpdate, eventType } = document;
  const { solutionConfig, datasetColumns } = document;
  if (parent === null) throw new Error('A solution belongs to a dataset group.');
  return {
    ...{ recipeArn, performHPO, performAutoML, performIncrementalUpdate, eventType, solutionConfig, datasetColumns },
    datasetGroupArn: parent,
  };
}
