import type { Input, OperationName, Output } from '../contract/operations.ts';
import { type UnavailableOperation, unavailable, unavailableOperations } from './availability.ts';
import { campaignHandlers } from './campaign.ts';
import { datasetHandlers } from './dataset.ts';
import { datasetGroupHandlers } from './dataset-group.ts';
import { datasetImportJobHandlers } from './dataset-import-job.ts';
import { eventTrackerHandlers } from './event-tracker.ts';
import type { Caller, HandlersOf } from './handler.ts';
import type { Context } from './parts.ts';
import { recipeHandlers } from './recipe.ts';
import { recommendationHandlers } from './recommendations.ts';
import { recordHandlers } from './records.ts';
import { schemaHandlers } from './schema.ts';
import { solutionHandlers } from './solution.ts';
import { solutionVersionHandlers } from './solution-version.ts';
import { tagHandlers } from './tag.ts';

export type Dispatch = <O extends OperationName>(name: O, input: Input<O>, caller: Caller) => Promise<Output<O>>;

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
