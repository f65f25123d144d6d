import { App } from './app.ts';
import { askSite } from './ask.ts';
import { basketPage } from './basket-page.ts';
import { byId, element } from './element.ts';
import { showHeader } from './header.ts';
import { homePage } from './home-page.ts';
import { itemPage } from './item-page.ts';
import { State } from './state.ts';
import './style.css';

/** Shows the page of the address. */
function show(app: App): void {
  const [, page = '', name = ''] = location.hash.split('/').map(decodeURIComponent);
  const category = page === 'category' ? name : undefined;
  const main = byId('main');
  const hadFocus = main.contains(document.activeElement);
  showHeader(app, category);
  main.replaceChildren(...pageOf(app, page, name));
  // What had the focus is gone: the keyboard goes on from the page, not from the top of the document.
  if (hadFocus) main.focus({ preventScroll: true });
}

function pageOf(app: App, page: string, name: string): HTMLElement[] {
  if (page === 'basket') return basketPage(app);
  if (page !== 'item') return homePage(app, page === 'category' ? name : undefined);
  const item = app.state.items.get(name);
  return item === undefined ? [element('p', {}, 'There is no such item.')] : itemPage(app, item);
}

// The link's own address would be that of another page.
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('main').focus();
});
const site = await askSite();
document.title = `${site.title}: ${site.tagline.toLowerCase()}`;
document.documentElement.dataset.site = site.name;
const app = new App(new State(site), show);
addEventListener('hashchange', () => {
  show(app);
  byId('main').focus({ preventScroll: true });
  scrollTo({ top: 0 });
});
show(app);
