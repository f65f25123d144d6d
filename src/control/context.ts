import type { Impressions } from '../data/records/impressions.ts';
import type { RecordLog } from '../data/records/record-log.ts';
import type { EventsByTypeView } from '../data/views/events-by-type/events-by-type-view.ts';
import type { HistoryView } from '../data/views/live/history-view.ts';
import type { ViewKeeper } from '../data/views/view-keeper.ts';
import type { ViewSet } from '../data/views/view-set.ts';
import type { LiveView } from '../learn/model/live-view.ts';
import type { Eligibility } from '../serve/eligibility/eligibility.ts';
import type { ExploredItems } from '../serve/exploration/explored-items.ts';
import type { ActionTrackerEntry, DatasetEntry, TrackerEntry } from './datasets/record-caches.ts';
import type { HiddenUsers } from './deletion/hidden-users.ts';
import type { AttributeViews } from './deployments/attribute-views.ts';
import type { DeploymentEntry } from './deployments/deployment-cache.ts';
import type { LastAnswers } from './deployments/last-answers.ts';
import type { FilterEntry } from './filters/filter-cache.ts';
import type { Owners } from './owners.ts';
import type { ControlParts } from './parts.ts';
import type { Kind } from './resources/kind.ts';
import type { ResourceCache } from './resources/resource-cache.ts';
import type { Transaction } from './resources/transaction.ts';

/** What answers need of datasets, in memory. */
export type Views = {
  readonly keeper: ViewKeeper;
  /** By Interactions dataset. */
  readonly histories: ViewSet<HistoryView>;
  /** By the owner of the deployment. */
  readonly explorations: ViewSet<ExploredItems>;
  /** By the owner of the deployment. */
  readonly live: ViewSet<LiveView>;
  /** By dataset group, as those of users and actions. */
  readonly itemAttributes: AttributeViews;
  readonly userAttributes: AttributeViews;
  readonly actionAttributes: AttributeViews;
  /** By Interactions dataset. */
  readonly eventsByType: ViewSet<EventsByTypeView>;
  /** By Action_Interactions dataset. */
  readonly actionEventsByType: ViewSet<EventsByTypeView>;
};

/** Records that come one by one, and what accepting them needs, in memory. */
export type Records = {
  readonly log: RecordLog;
  /** By ARN, as the datasets. */
  readonly trackers: ResourceCache<TrackerEntry>;
  /** By `actionTrackerKey`. */
  readonly actionTrackers: ResourceCache<ActionTrackerEntry>;
  readonly datasets: ResourceCache<DatasetEntry>;
  readonly impressions: Impressions;
};

/** What answers are made from, in memory. */
export type Answers = {
  /** By the ARN of the owner. */
  readonly deployments: ResourceCache<DeploymentEntry>;
  /** By ARN. */
  readonly filters: ResourceCache<FilterEntry>;
  readonly views: Views;
  /** What filters let deployments answer. */
  readonly eligibility: Eligibility;
  readonly last: LastAnswers;
  readonly hidden: HiddenUsers;
};

/** What handlers and jobs work with. */
export type Context = ControlParts & {
  /** Every kind of resource. */
  readonly kinds: readonly Kind[];
  readonly owners: Owners;
  readonly records: Records;
  readonly answers: Answers;
  /** Runs `work` in one transaction under the account's lock; jobs that it enqueues start once it has committed. */
  transaction<T>(account: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Calls off, at once, the work that this process does for a resource, or its jobs of some kinds. Others learn it from
   * the queue.
   */
  cancelWork(resourceArn: string, jobs?: readonly string[]): void;
};
