import type { App } from './app.ts';
import { picture } from './card.ts';
import { button, element } from './element.ts';

/** What is in the basket, to be bought together. */
export function basketPage(app: App): HTMLElement[] {
  const { person, items } = app.state;
  const inside = [...person.basket].flatMap((id) => items.get(id) ?? []);
  const total = inside.reduce((sum, { measure }) => sum + measure, 0);
  if (inside.length === 0) {
    return [element('section', { class: 'hero' }, element('h1', {}, 'Your basket'), element('p', {}, 'It is empty.'))];
  }
  const lines = inside.map((item) =>
    element(
      'li',
      {},
      picture(item),
      element('a', { href: `#/item/${encodeURIComponent(item.id)}` }, item.name),
      element('span', {}, item.note),
      button('Remove', () => app.remove(item), { class: 'link', 'aria-label': `Remove ${item.name}` }),
    ),
  );
  return [
    element(
      'section',
      { class: 'hero' },
      element('h1', {}, 'Your basket'),
      element('p', {}, `€${total.toFixed(2)} in all`),
    ),
    element('ul', { class: 'basket' }, ...lines),
    button('Buy everything', () => void app.take(inside), { class: 'strong' }),
  ];
}
