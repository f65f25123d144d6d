import type { SiteItem } from '../site/messages.ts';
import { button, element } from './element.ts';

export type CardFacts = {
  readonly isPromoted: boolean;
  readonly isNew: boolean;
  readonly onOpen: () => void;
  readonly onWhy: () => void;
};

/** An item in a row: picture, name, price or year, and what there is to say of it. */
export function card(item: SiteItem, { isPromoted, isNew, onOpen, onWhy }: CardFacts): HTMLElement {
  const link = element(
    'a',
    { href: `#/item/${encodeURIComponent(item.id)}`, class: 'picture' },
    picture(item),
    element('span', { class: 'name' }, item.name),
  );
  link.addEventListener('click', onOpen);
  const badge = isPromoted ? 'promoted' : isNew ? 'new' : undefined;
  return element(
    'li',
    { class: `card${isNew ? ' is-new' : ''}`, 'data-item': item.id, 'data-category': item.category },
    link,
    badge === undefined ? undefined : element('span', { class: `badge ${badge}` }, badge),
    element(
      'p',
      { class: 'facts' },
      element('span', {}, item.note),
      button('Why?', onWhy, { class: 'link', 'aria-label': `Why is ${item.name} here?` }),
    ),
  );
}

export const picture = ({ id, name, kind }: SiteItem, size: 'small' | 'large' = 'small') =>
  element('img', {
    src: `/pictures/${encodeURIComponent(id)}.svg`,
    alt: `${name} (${kind})`,
    loading: size === 'small' ? 'lazy' : 'eager',
    class: size,
  });
