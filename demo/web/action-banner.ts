import type { SiteAction } from '../site/messages.ts';
import type { App } from './app.ts';
import { askActions, reportAction } from './ask.ts';
import { button, element, toast } from './element.ts';

/** The next best action, to say yes or no to; empty where there is none. */
export function actionBanner(app: App): HTMLElement {
  const place = element('section', { class: 'action', 'aria-label': 'A suggestion', hidden: true });
  if (app.state.site.actions.length > 0) fill(app, place).catch(() => place.remove());
  return place;
}

async function fill(app: App, place: HTMLElement): Promise<void> {
  const { state, panel } = app;
  const { visitor } = state;
  const { actions, recommendationId, calls } = await askActions(visitor);
  panel.log(calls);
  const [best] = actions;
  const action = state.site.actions.find(({ id }) => id === best?.id);
  place.hidden = action === undefined;
  if (action === undefined) return;
  const answer = async (type: 'TAKEN' | 'NOT_TAKEN') => {
    panel.log((await reportAction({ ...visitor, actionId: action.id, type, recommendationId })).calls);
    toast(type === 'TAKEN' ? 'Lovely! You will not be asked again this week.' : 'No problem. Here is another idea.');
    await fill(app, place);
  };
  place.dataset.action = action.id;
  place.replaceChildren(...content(action, best?.score, answer));
}

function content(
  { title, text }: SiteAction,
  score: number | undefined,
  answer: (type: 'TAKEN' | 'NOT_TAKEN') => Promise<void>,
): HTMLElement[] {
  const chance = score ? `Chance of a yes: ${Math.round(100 * score)} %` : 'Let us find out';
  return [
    element('div', {}, element('h2', {}, title), element('p', {}, text)),
    element(
      'div',
      { class: 'answers' },
      button('Yes, please', () => void answer('TAKEN'), { class: 'strong' }),
      button('No, thanks', () => void answer('NOT_TAKEN')),
      element('small', {}, chance),
    ),
  ];
}
