import { randomBytes, randomUUID } from 'node:crypto';
import { arnOf } from '../../contract/arn.ts';
import type { Solution } from './solution-kind.ts';
import { type SolutionVersionDocument, solutionVersionKind } from './solution-version-kind.ts';

type VersionSettings = Pick<SolutionVersionDocument, 'trainingMode' | 'trainingType'> & {
  readonly name?: string | undefined;
};

/** A version of a solution, with the settings that the solution has now, still to be created. */
export function draftVersion(solution: Solution, { name, ...settings }: VersionSettings) {
  const id = randomBytes(4).toString('hex');
  return {
    arn: arnOf(solution, solutionVersionKind.arnPath, { solutionName: solution.name, id }),
    name: name ?? `${solution.name}/${id}`,
    parent: solution.arn,
    document: { ...solutionSettingsOf(solution), ...settings, prefix: `models/${randomUUID()}/` },
  };
}

function solutionSettingsOf({ parent, document }: Solution) {
  const { recipeArn, performHPO, performAutoML, performIncrementalUpdate, eventType } = document;
  const { solutionConfig, datasetColumns } = document;
  if (parent === null) throw new Error('A solution belongs to a dataset group.');
  return {
    recipeArn,
    performHPO,
    performAutoML,
    performIncrementalUpdate,
    eventType,
    solutionConfig,
    datasetColumns,
    datasetGroupArn: parent,
  };
}
