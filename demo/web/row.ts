import type { SiteItem, SiteRow } from '../site/messages.ts';
import type { App } from './app.ts';
import { askRow } from './ask.ts';
import { card } from './card.ts';
import { element } from './element.ts';

export type RowPlace = { readonly seed?: SiteItem | undefined; readonly category?: string | undefined };

/** A row of the page. It shows at once that it loads, and fills when its answer comes. */
export function rowOf(app: App, row: SiteRow, place: RowPlace): HTMLElement {
  const { state } = app;
  const title = titleOf(row, state.person.userId === undefined ? 'you' : state.person.name, place.seed);
  const list = element(
    'ul',
    { class: 'row', tabindex: 0, 'aria-label': title, 'aria-busy': 'true' },
    ...Array.from({ length: 8 }, () => element('li', { class: 'card waiting', 'aria-hidden': 'true' })),
  );
  const section = element('section', { 'data-row': row.key }, element('h2', {}, title), list);
  fill(app, { row, title }, place, list).catch((error: Error) => {
    list.replaceChildren(element('li', { class: 'sorry' }, error.message));
    list.removeAttribute('aria-busy');
  });
  return section;
}

const titleOf = (row: SiteRow, name: string, seed: SiteItem | undefined) =>
  row.title.replace('{name}', name).replace('{item}', seed?.name ?? 'this');

async function fill(
  app: App,
  { row, title }: { readonly row: SiteRow; readonly title: string },
  { seed, category }: RowPlace,
  list: HTMLElement,
): Promise<void> {
  const { state, panel } = app;
  const { person } = state;
  const question = { ...state.visitor, row: row.key, itemId: seed?.id, category, most: state.most };
  const { items: answered, recommendationId, calls } = await askRow(question);
  panel.log(calls);
  // What another filter lets through is not new.
  const asked = [row.key, category, state.most].join(' ');
  const before = row.isLive ? person.lastAnswers.get(asked) : undefined;
  person.lastAnswers.set(
    asked,
    answered.map(({ id }) => id),
  );
  const shown = answered.flatMap(({ id, isPromoted }) => {
    const item = state.items.get(id);
    return item === undefined ? [] : [{ item, isPromoted }];
  });
  const cards = shown.map(({ item, isPromoted }, n) =>
    card(item, {
      isPromoted,
      isNew: before !== undefined && !before.includes(item.id),
      onOpen: () => {
        state.clicked = { itemId: item.id, recommendationId };
      },
      onWhy: () => panel.explain(state, item, row, { rank: n + 1, isPromoted, ...(seed ? { seed } : {}) }),
    }),
  );
  const nothing = element('li', { class: 'sorry' }, 'Nothing here fits the filter.');
  list.replaceChildren(...(cards.length > 0 ? cards : [nothing]));
  list.removeAttribute('aria-busy');
  if (row.isLive && category === undefined) {
    panel.showMix(
      `What “${title}” is made of`,
      shown.map(({ item }) => item),
    );
  }
}
