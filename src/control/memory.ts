import { Impressions } from '../data/records/impressions.ts';
import { RecordLog } from '../data/records/record-log.ts';
import { Eligibility } from '../serve/eligibility/eligibility.ts';
import type { Serving } from '../serve/serving.ts';
import type { Answers, Records } from './context.ts';
import { actionTrackerCache, datasetCache, trackerCache } from './datasets/record-caches.ts';
import { forgetInMemory } from './deletion/forget-in-memory.ts';
import { HiddenUsers } from './deletion/hidden-users.ts';
import { deploymentCache } from './deployments/deployment-cache.ts';
import { LastAnswers } from './deployments/last-answers.ts';
import { createViews } from './deployments/views.ts';
import { filterCache } from './filters/filter-cache.ts';
import type { Owners } from './owners.ts';
import type { ControlParts } from './parts.ts';
import { type CacheName, type ControlPeer, notifiedElsewhere } from './peers.ts';

/** What a process keeps in memory of what the database holds. */
export type Memory = { readonly records: Records; readonly answers: Answers };

/** Makes it so that the processes of a server hear of each other's changes. */
export function createMemory(parts: ControlParts & { readonly owners: Owners }): Memory {
  const { others, primary, owners } = parts;
  const log = new RecordLog({
    ...parts,
    ...(primary && { appendElsewhere: primary.append }),
    ...(others && !primary && { elsewhere: notifiedElsewhere(others) }),
  });
  const impressions = new Impressions({
    ...parts,
    keepMs: parts.settings.recommendationIdMs,
    ...(others && { askOthers: (id) => others.ask('impression', id) }),
  });
  const cached = (cache: CacheName) => ({
    ...parts,
    records: log,
    ...(others && { forgetElsewhere: (key: string) => others.ask('forget', cache, key) }),
  });
  const last = new LastAnswers(others && ((datasetArn, userId) => others.ask('lastAnswer', datasetArn, userId)));
  const viewParts = { ...parts, records: log, ...(others && { lookElsewhere: () => others.ask('look') }) };
  const views = createViews(viewParts);
  const hidden = new HiddenUsers({
    ...parts,
    forget: (list) => forgetInMemory({ ...parts, views, last }, list),
    ...(others && {
      lookElsewhere: () => others.ask('lookForHiddenUsers'),
      forgetElsewhere: (jobArn) => others.ask('forgetUsers', jobArn),
    }),
  });
  return {
    records: {
      log,
      impressions,
      trackers: trackerCache(cached('trackers')),
      actionTrackers: actionTrackerCache(cached('actionTrackers')),
      datasets: datasetCache(cached('datasets')),
    },
    answers: {
      deployments: deploymentCache(cached('deployments'), owners),
      filters: filterCache(cached('filters')),
      views,
      eligibility: new Eligibility(parts.serving),
      last,
      hidden,
    },
  };
}

/** @param serving of this process alone */
export function peerOf({ records, answers }: Memory, serving: Serving): ControlPeer {
  const caches = { ...records, ...answers };
  return {
    notified: (entries) => records.log.deliver(entries),
    gap: () => records.log.gap(),
    forget: (cache, key) => caches[cache].forgetHere(key),
    look: () => answers.views.keeper.lookHere(),
    prepare: (deployment) => serving.prepare(deployment),
    release: (ownerArn, keep) => serving.release(ownerArn, keep),
    impression: (id) => records.impressions.recent(id),
    lookForHiddenUsers: () => answers.hidden.lookHere(),
    forgetUsers: (jobArn) => answers.hidden.forgetHere(jobArn),
    lastAnswer: (datasetArn, userId) => answers.last.here(datasetArn, userId),
  };
}
