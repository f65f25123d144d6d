import type { SiteItem } from '../site/messages.ts';
import type { App } from './app.ts';
import { picture } from './card.ts';
import { button, element } from './element.ts';
import { rowOf } from './row.ts';

/** The page of one item: the item, what goes with it, and what is recommended now that it was opened. */
export function itemPage(app: App, item: SiteItem): HTMLElement[] {
  const { site } = app.state;
  const about = element(
    'section',
    { class: 'item', 'data-item': item.id },
    picture(item, 'large'),
    element(
      'div',
      {},
      element('p', { class: 'kind' }, item.kind),
      element('h1', {}, item.name),
      element('p', { class: 'note' }, item.note),
      element('p', {}, item.description),
      buttons(app, item),
    ),
  );
  const rows = element('div', { class: 'rows' });
  // The rows wait until the service has the event, so that they already follow from it.
  app.open(item).finally(() => {
    const shown = site.rows.filter(({ page, isLive }) => page === 'item' || isLive);
    const ordered = shown.toSorted((a, b) => Number(a.isLive) - Number(b.isLive));
    rows.replaceChildren(...ordered.map((row) => rowOf(app, row, row.isLive ? {} : { seed: item })));
  });
  return [about, rows];
}

function buttons(app: App, item: SiteItem): HTMLElement {
  const { site } = app.state;
  const isTaken = app.state.has(site.events.take, item);
  if (site.name === 'video') {
    const label = isTaken ? 'Watched' : '▶ Watch';
    return element(
      'div',
      { class: 'buttons' },
      button(label, () => void app.take([item]), { class: 'strong', disabled: isTaken }),
    );
  }
  return element(
    'div',
    { class: 'buttons' },
    button(isTaken ? 'Bought' : 'Buy now', () => void app.take([item]), { class: 'strong', disabled: isTaken }),
    button('Add to basket', () => void app.collect(item), { disabled: isTaken }),
  );
}
