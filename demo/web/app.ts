import type { SiteItem } from '../site/messages.ts';
import { report } from './ask.ts';
import { toast } from './element.ts';
import { Panel } from './panel.ts';
import type { State } from './state.ts';

/** What visitors can do. Each deed is told to the service before the page is shown again. */
export class App {
  readonly state: State;
  readonly panel = new Panel();
  /** Shows the page of the address again. */
  readonly show: (app: App) => void;

  constructor(state: State, show: (app: App) => void) {
    this.state = state;
    this.show = show;
  }

  become(name: string): void {
    this.state.become(name);
    this.panel.forget();
    if (location.hash === '#/' || location.hash === '') this.show(this);
    else location.hash = '#/';
  }

  limit(most: number | undefined): void {
    this.state.most = most;
    this.show(this);
  }

  /** The visitor has opened the page of an item. Showing it again is no second visit. */
  async open(item: SiteItem): Promise<void> {
    const [last] = this.state.person.deeds;
    if (last?.item !== item) await this.#tell(this.state.site.events.open, [item]);
  }

  /** Buys or watches. */
  async take(items: readonly SiteItem[]): Promise<void> {
    const { site, person } = this.state;
    await this.#tell(site.events.take, items);
    for (const { id } of items) person.basket.delete(id);
    const [only] = items;
    const what = items.length === 1 && only ? only.name : `${items.length} things`;
    toast(`${what}: ${site.name === 'retail' ? 'bought' : 'watched'}, and gone from the recommendations.`);
    this.show(this);
  }

  async collect(item: SiteItem): Promise<void> {
    const { site, person } = this.state;
    person.basket.add(item.id);
    if (site.events.collect !== undefined) await this.#tell(site.events.collect, [item]);
    toast(`${item.name} is in the basket.`);
    this.show(this);
  }

  remove(item: SiteItem): void {
    this.state.person.basket.delete(item.id);
    this.show(this);
  }

  async #tell(type: string, items: readonly SiteItem[]): Promise<void> {
    const { visitor, person, clicked } = this.state;
    person.deeds.unshift(...items.map((item) => ({ type, item })));
    const [only] = items;
    const recommendationId = only?.id === clicked?.itemId ? clicked?.recommendationId : undefined;
    const itemIds = items.map(({ id }) => id);
    this.panel.log((await report({ ...visitor, type, itemIds, recommendationId })).calls);
  }
}
