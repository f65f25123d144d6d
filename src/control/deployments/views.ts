import type { RecordLog } from '../../data/records/record-log.ts';
import { ViewKeeper, type ViewKeeperParts } from '../../data/views/view-keeper.ts';
import type { Views } from '../context.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import { AttributeViews, actionType, itemType, userType } from './attribute-views.ts';
import { eventTypeViews } from './event-type-views.ts';
import { ExpectedGroups } from './expected-groups.ts';
import { explorationViews } from './exploration-views.ts';
import { historyViews } from './history-views.ts';
import { liveViews } from './live-views.ts';

/** The views that answers need. */
export function createViews(
  parts: ControlParts &
    Pick<ViewKeeperParts, 'lookElsewhere'> & { readonly records: RecordLog; readonly owners: Owners },
): Views {
  const keeper = new ViewKeeper(parts);
  const expected = new ExpectedGroups(parts);
  return {
    keeper,
    histories: keeper.add(historyViews(parts)),
    explorations: keeper.add(explorationViews(parts)),
    live: keeper.add(liveViews(parts)),
    itemAttributes: new AttributeViews(parts, itemType, keeper, expected),
    userAttributes: new AttributeViews(parts, userType, keeper, expected),
    actionAttributes: new AttributeViews(parts, actionType, keeper, expected),
    eventsByType: keeper.add(eventTypeViews(parts, 'INTERACTIONS', expected)),
    actionEventsByType: keeper.add(eventTypeViews(parts, 'ACTION_INTERACTIONS', expected)),
  };
}
