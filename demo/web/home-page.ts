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
  return [hero, ...(category === undefined ? [actionBanner(app)] : []), ...rows];
}
