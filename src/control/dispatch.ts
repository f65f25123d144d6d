import type { Input, OperationName, Output } from '../contract/operations.ts';
import { type UnavailableOperation, unavailable, unavailableOperations } from './availability.ts';
import { snapshotHandlers } from './backup/snapshot.ts';
import type { Context } from './context.ts';
import { datasetHandlers } from './datasets/dataset.ts';
import { datasetGroupHandlers } from './datasets/dataset-group.ts';
import { datasetImportJobHandlers } from './datasets/dataset-import-job.ts';
import { eventInspectionHandlers } from './datasets/event-inspection.ts';
import { eventTrackerHandlers } from './datasets/event-tracker.ts';
import { importInspectionHandlers } from './datasets/import-inspection.ts';
import { recordHandlers } from './datasets/records.ts';
import { schemaHandlers } from './datasets/schema.ts';
import { campaignHandlers } from './deployments/campaign.ts';
import type { CallerOf, HandlersOf } from './handler.ts';
import { recipeHandlers } from './recipes/recipe.ts';
import { tagHandlers } from './resources/tag.ts';
import { recommendationHandlers } from './runtime/recommendations.ts';
import { solutionHandlers } from './solutions/solution.ts';
import { solutionVersionHandlers } from './solutions/solution-version.ts';

export type Dispatch = <O extends OperationName>(name: O, input: Input<O>, caller: CallerOf<O>) => Promise<Output<O>>;

/** One handler for each operation of the contract. This does not compile if an operation has neither handler nor refusal. */
export function createDispatch(context: Context): Dispatch {
  const available: HandlersOf<Exclude<OperationName, UnavailableOperation>> = {
    ...schemaHandlers(context),
    ...datasetGroupHandlers(context),
    ...datasetHandlers(context),
    ...datasetImportJobHandlers(context),
    ...recipeHandlers,
    ...solutionHandlers(context),
    ...solutionVersionHandlers(context),
    ...campaignHandlers(context),
    ...eventTrackerHandlers(context),
    ...recordHandlers(context),
    ...tagHandlers(context),
    ...recommendationHandlers(context),
    ...eventInspectionHandlers(context),
    ...importInspectionHandlers(context),
    ...snapshotHandlers(context),
  };
  const handlers: HandlersOf<OperationName> = { ...available, ...refusals() };
  return (name, input, caller) => handlers[name](input, caller);
}

function refusals(): HandlersOf<UnavailableOperation> {
  const entries = unavailableOperations.map((name) => [
    name,
    async () => {
      throw unavailable(name);
    },
  ]);
  return Object.fromEntries(entries); // fromEntries forgets the names, which are those of the list
}
