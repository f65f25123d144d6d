import { actionBanner } from './action-banner.ts';
import type { App } from './app.ts';
import { element } from './element.ts';
import { rowOf } from './row.ts';

/** The home page, of the whole site or of one category. */
export function homePage(app: App, category: string | undefined): HTMLElement[] {
  const { site, person } = app.state;
  const greeting = person.userId === undefined ? `Welcome to ${site.title}` : `Hello, ${person.name}`;
  const hero = element(
    'section',
    { class: 'hero' },
    element('h1', {}, category ?? greeting),
    element('p', {}, category === undefined ? site.tagline : `Only ${category}, by a filter of the service.`),
  );
  const rows = site.rows.filter(({ page }) => page === 'home').map((row) => rowOf(app, row, { category }));
  const last = person.deeds.find(({ type }) => type === site.events.take)?.item;
  if (last !== undefined) {
    const after = site.rows.flatMap((row) => (row.afterTaking === undefined ? [] : { ...row, title: row.afterTaking }));
    rows.splice(1, 0, ...after.map((row) => rowOf(app, row, { category, seed: last })));
  }
  return [hero, ...(category === undefined ? [actionBanner(app)] : []), ...rows];
}
