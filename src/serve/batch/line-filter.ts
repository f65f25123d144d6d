import type { Attributes } from '../../data/views/attributes/attributes.ts';
import type { EventsByType } from '../../data/views/events-by-type/events-by-type.ts';
import type { Model } from '../../learn/model/model.ts';
import type { ItemType } from '../../learn/recipes/recipe.ts';
import { TaskError } from '../../util/child-task/task.ts';
import { Eligibility } from '../eligibility/eligibility.ts';
import type { Eligible } from '../eligibility/eligible.ts';
import type { ItemFilter } from '../filters/filter.ts';
import { FilterValuesError } from '../filters/filter-error.ts';
import { type FilterNeeds, needsOf } from '../filters/needs.ts';
import type { LinesTask } from './batch-tasks.ts';
import { LineError, type LineRequest } from './inference-line.ts';
import { readAttributes, readEvents } from './pinned-views.ts';

type FilterTask = Pick<LinesTask, 'filter' | 'model' | 'startedAt' | 'temporaryFolder'>;

/** The filter of a task with the data that it reads: what each line's answer may have. */
export class LineFilter {
  readonly #filter: { readonly key: string; readonly filter: ItemFilter; readonly needs: FilterNeeds };
  readonly #items: Attributes;
  readonly #users: Attributes | undefined;
  readonly #events: EventsByType | undefined;
  readonly #recipeType: ItemType;
  readonly #eligibility: Eligibility;

  private constructor(
    filter: ItemFilter,
    needs: FilterNeeds,
    model: { readonly ids: Model['items']; readonly recipeType: ItemType },
    data: {
      readonly items: Attributes;
      readonly users?: Attributes | undefined;
      readonly events?: EventsByType | undefined;
    },
  ) {
    this.#filter = { key: 'of the job', filter, needs };
    this.#items = data.items;
    this.#users = data.users;
    this.#events = data.events;
    this.#recipeType = model.recipeType;
    this.#eligibility = new Eligibility({ items: async () => model.ids });
  }

  /** @returns undefined for a task without a filter @throws TaskError for a filter that is not about items */
  static async read(
    task: FilterTask,
    model: { readonly ids: Model['items']; readonly recipeType: ItemType },
  ): Promise<LineFilter | undefined> {
    if (!task.filter) return undefined;
    const { filter, items, users, interactions } = task.filter;
    if (filter.subject !== 'ItemID') {
      throw new TaskError(`The filter is about ${filter.subject}; a batch inference job needs one about ItemID.`);
    }
    const needs = needsOf(filter);
    const { columns, eventTypes } = needs;
    const userColumns = columns.get('Users');
    const data = {
      items: await readAttributes(task, 'ITEMS', columns.get('Items') ?? [], items),
      users: userColumns && (await readAttributes(task, 'USERS', userColumns, users)),
      events: eventTypes && interactions && (await readEvents(task, eventTypes, interactions)),
    };
    return new LineFilter(filter, needs, model, data);
  }

  /** What the answer of a line may have, until it is disposed of. @throws LineError */
  async of({ userId, itemId, filterValues = {} }: LineRequest): Promise<Eligible & Disposable> {
    if (this.#filter.needs.userId && userId === undefined) {
      throw new LineError('The filter is about what a user has or did; give the userId in the line.');
    }
    const deployment = { ownerArn: '', model: '', recipeType: this.#recipeType };
    const data = { filter: this.#filter, items: this.#items, users: this.#users, events: this.#events };
    try {
      return await this.#eligibility.of({ ...data, deployment, values: filterValues, userId, itemId });
    } catch (error) {
      if (!(error instanceof FilterValuesError)) throw error;
      throw new LineError(`filterValues does not fit the filter. ${error.message}`);
    }
  }
}
