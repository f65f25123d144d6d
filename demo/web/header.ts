import type { App } from './app.ts';
import { byId, element } from './element.ts';
import { nobody } from './state.ts';

const limits = {
  retail: [
    ['any price', undefined],
    ['up to €20', 20],
    ['up to €50', 50],
    ['up to €100', 100],
  ],
  video: [
    ['any length', undefined],
    ['up to 90 min', 90],
    ['up to 120 min', 120],
  ],
} as const;

/** Name of the site, its categories, who the visitor is, and the second filter. */
export function showHeader(app: App, category: string | undefined): void {
  const { site, person, people } = app.state;
  const links = site.categories.map((each) =>
    element(
      'a',
      { href: `#/category/${encodeURIComponent(each)}`, 'aria-current': each === category ? 'page' : undefined },
      each,
    ),
  );
  const who = select(
    'You are',
    people.map(({ name, about }) => ({ value: name, text: name === nobody ? name : `${name}, who ${about}` })),
    person.name,
    (name) => app.become(name),
  );
  const most = select(
    site.name === 'retail' ? 'Price' : 'Length',
    limits[site.name].map(([text, value]) => ({ value: String(value ?? ''), text })),
    String(app.state.most ?? ''),
    (value) => app.limit(value === '' ? undefined : Number(value)),
  );
  const basket = element('a', { href: '#/basket', class: 'basket-link' }, `Basket (${person.basket.size})`);
  byId('header').replaceChildren(
    element(
      'div',
      { class: 'bar' },
      element('a', { href: '#/', class: 'logo' }, site.title),
      element('div', { class: 'choices' }, who, most, ...(site.name === 'retail' ? [basket] : [])),
    ),
    element('nav', { 'aria-label': 'Categories' }, ...links),
  );
}

type Choice = { readonly value: string; readonly text: string };

function select(
  label: string,
  choices: readonly Choice[],
  chosen: string,
  onChange: (value: string) => void,
): HTMLElement {
  const options = choices.map(({ value, text }) => element('option', { value, selected: value === chosen }, text));
  const made = element('select', {}, ...options);
  made.addEventListener('change', () => onChange(made.value));
  return element('label', {}, element('span', {}, label), made);
}
