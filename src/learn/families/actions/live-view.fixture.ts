import { eventIdColumn, receivedColumn, sessionColumn } from '../../../data/records/event-lines.ts';
import { encodeLine } from '../../../data/records/layout.ts';
import { uniforms } from '../../kernels/random.ts';
import type { PropensityQuery } from '../../model/action-model.ts';
import { nextBestAction } from '../../recipes/next-best-action.ts';
import { resolveParameters } from '../../recipes/parameters.ts';
import { field } from '../../training/training.fixture.ts';
import { ActionTable, factsOf } from './action-table.ts';
import { ActionView } from './live-view.ts';

const arnOf = (type: string) => `arn:aws:personalize:us-east-1:000000000000:dataset/shop/${type}`;
export const day = 86_400;
export const start = 1_760_000_000;
const factNames = ['ACTION_ID', 'VALUE', 'EXPIRATION_TIMESTAMP', 'REPEAT_FREQUENCY', 'CREATION_TIMESTAMP'];
const eventNames = [sessionColumn, eventIdColumn, receivedColumn, 'USER_ID', 'ACTION_ID', 'EVENT_TYPE', 'TIMESTAMP'];
const layoutOf = (names: readonly string[]) => names.map((name) => ({ name, type: 'string' as const }));
const [actionLayout, eventLayout] = [layoutOf(factNames), layoutOf(eventNames)];
const eventFields = [field('USER_ID'), field('ACTION_ID'), field('EVENT_TYPE'), field('TIMESTAMP', 'long')];

type Facts = { readonly value?: number; readonly expiresAt?: number; readonly repeatDays?: number };

/** A view before a model that has these chances of these actions. */
export function viewOf(chances: Readonly<Record<string, number>>, seed = 1) {
  let now = start;
  const trained = Object.keys(chances);
  const table = new ActionTable((id) => trained.indexOf(id), new Uint8Array(trained.length).fill(1));
  const view = new ActionView(
    {
      model: 'models/1/',
      datasets: {
        ACTIONS: { arn: arnOf('ACTIONS'), schema: { fields: factNames.map((name) => field(name)) } },
        ACTION_INTERACTIONS: { arn: arnOf('ACTION_INTERACTIONS'), schema: { fields: eventFields } },
      },
      parameters: resolveParameters(nextBestAction, {}),
      events: [],
      watermark: 0,
      withModel: () => Promise.reject(new Error('The view needs no model.')),
      clock: { now: () => 1000 * now },
    },
    table,
    uniforms(seed),
  );
  for (const id of trained) table.put(factsOf((column) => (column === 'ACTION_ID' ? id : '')));
  for (const [id, chance] of Object.entries(chances)) {
    const action = table.find(id);
    if (action) table.count(action, { tried: 200, succeeded: 200 * chance }, start - 30 * day, start - day);
  }
  view.expire();
  const asked: PropensityQuery[] = [];
  let position = 0;
  const apply = (type: string, body: string) =>
    view.apply(
      { datasetArn: arnOf(type), layout: 1, position: ++position, receivedAt: 1000 * now, records: 1, body },
      type === 'ACTIONS' ? actionLayout : eventLayout,
    );
  const recommend = (userId: string, count: number, during = () => {}) =>
    view.recommendActions({ userId, count }, async (query) => {
      asked.push(query);
      during();
      return Float32Array.from(Object.values(chances));
    });
  return {
    asked,
    put(id: string, { value, expiresAt, repeatDays }: Facts = {}) {
      apply('ACTIONS', encodeLine([id, ...[value, expiresAt, repeatDays, start].map((cell) => String(cell ?? ''))]));
    },
    event(userId: string, id: string, type: string, eventId = '') {
      apply(
        'ACTION_INTERACTIONS',
        encodeLine([`of ${userId}`, eventId, String(1000 * now), userId, id, type, String(now)]),
      );
    },
    pass(seconds: number) {
      now += seconds;
    },
    list: async (userId = 'u', count = 10, during = () => {}) => (await recommend(userId, count, during)).actions,
    ids: async (userId = 'u', count = 10) => (await recommend(userId, count)).actions.map(({ id }) => id),
  };
}

/** How often a new action had been shown when it first stood on top in eight of ten answers; at most `most`. */
export async function impressionsUntilOnTop(chance: number, seed: number, most: number): Promise<number> {
  const random = uniforms(1000 + seed);
  const known = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`a${n}`, 0.05 + (0.35 * n) / 19]));
  const view = viewOf(known, seed);
  for (const id of Object.keys(known)) view.put(id);
  view.put('new');
  let [shown, onTop, answers] = [0, 0, 0];
  for (let user = 0; user < 20_000 && shown < most; user++) {
    const ids = await view.ids(`user ${user}`, 5);
    view.pass(60);
    if (answers++ % 10 === 0) onTop = 0;
    if (ids[0] === 'new') onTop++;
    if (onTop >= 8) return shown;
    if (!ids.includes('new')) continue;
    shown++;
    view.event(`user ${user}`, 'new', 'Viewed');
    view.pass(60);
    view.event(`user ${user}`, 'new', random() < chance ? 'Taken' : 'Not Taken');
  }
  return Number.POSITIVE_INFINITY;
}
