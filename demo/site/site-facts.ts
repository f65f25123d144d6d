import type { Demo } from '../set-up/set-up.ts';
import { actions } from '../world/retail/actions.ts';
import type { Site } from './messages.ts';

/** What the pages know of a demo from the start. */
export function siteFacts({ plan, world, resources }: Demo): Site {
  const items = world.items.map(({ id, name, description, category, kind, note, measure, isPromoted }) => ({
    ...{ id, name, description, category, kind, note, measure, isPromoted },
  }));
  return {
    name: plan.name,
    title: plan.title,
    tagline: plan.tagline,
    categories: [...new Set(items.map(({ category }) => category))],
    items,
    rows: plan.rows.map(({ key, title, page, afterTaking, why, recipe, isLive = false }) => ({
      ...{ key, title, page, afterTaking, why, use: recipe, isLive },
    })),
    people: world.personas,
    actions: resources.actions === undefined ? [] : actions.map(({ id, title, text }) => ({ id, title, text })),
    events: plan.events,
  };
}
