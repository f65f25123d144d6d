import type { Call, SiteItem, SiteRow } from '../site/messages.ts';
import { byId, element } from './element.ts';
import type { State } from './state.ts';

const callsShown = 30;

/** The column that says what the site has asked and told, and why an item is where it is. */
export class Panel {
  readonly #why = element('section', { class: 'why', 'aria-live': 'polite' });
  readonly #mix = element('section', { class: 'mix' });
  readonly #calls = element('ol', { class: 'calls', reversed: true });

  constructor() {
    byId('panel').append(
      element('h2', {}, 'Behind the scenes'),
      this.#why,
      this.#mix,
      element('h3', {}, 'Calls of the API'),
      this.#calls,
    );
    this.forget();
  }

  /** Explains nothing, until “Why?” is pressed. */
  forget(): void {
    this.#why.replaceChildren(element('p', { class: 'hint' }, 'Press “Why?” on an item to see what brought it here.'));
  }

  /** Lists a call, newest first. */
  log(calls: readonly Call[]): void {
    for (const { operation, input, milliseconds, answer } of calls) {
      const summary = element(
        'summary',
        {},
        element('b', {}, operation),
        element('span', { class: 'took' }, `${milliseconds.toFixed(1)} ms`),
        element('span', { class: 'came' }, `${summaryOf(operation, input)} → ${answer}`),
      );
      const text = JSON.stringify(input, null, 2);
      this.#calls.prepend(element('li', {}, element('details', {}, summary, element('pre', {}, text))));
    }
    while (this.#calls.children.length > callsShown) this.#calls.lastElementChild?.remove();
  }

  /** What the visitor's own list is made of, so that one sees it move. */
  showMix(title: string, items: readonly SiteItem[]): void {
    const counts = [...Map.groupBy(items, ({ category }) => category)].sort(([, a], [, b]) => b.length - a.length);
    this.#mix.replaceChildren(
      element('h3', {}, title),
      element(
        'ul',
        {},
        ...counts.map(([category, { length }]) =>
          element(
            'li',
            {},
            element('span', {}, category),
            element('i', { style: `width:${(60 * length) / items.length}%` }),
            element('b', {}, String(length)),
          ),
        ),
      ),
    );
  }

  explain(
    state: State,
    item: SiteItem,
    row: SiteRow,
    facts: { rank: number; isPromoted: boolean; seed?: SiteItem },
  ): void {
    const related = state.person.deeds.filter(
      ({ item: { category, id } }) => category === item.category && id !== item.id,
    );
    const types = [...Map.groupBy(related, ({ type }) => type)].map(([type, { length }]) => `${length} × ${type}`);
    const reasons = [
      facts.isPromoted
        ? 'The promotion put it here: a fifth of this list comes from what its filter lets through.'
        : row.why.replace('{item}', facts.seed?.name ?? 'this item'),
      `Number ${facts.rank} in the answer of the recommender for ${row.use}.`,
      row.isLive && types.length > 0 ? `In ${item.category} you did lately: ${types.join(', ')}.` : undefined,
    ];
    this.#why.replaceChildren(
      element('h3', {}, `Why ${item.name}?`),
      ...reasons.filter((reason) => reason !== undefined).map((reason) => element('p', {}, reason)),
    );
    this.#why.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }
}

/** What was asked, in a word: the recommender of a request, the type of an event. */
function summaryOf(operation: string, input: object): string {
  const text = JSON.stringify(input);
  const pattern = operation === 'GetRecommendations' ? /:recommender\/([\w-]+)/ : /"eventType":"(\w+)"/;
  return pattern.exec(text)?.[1] ?? '';
}
