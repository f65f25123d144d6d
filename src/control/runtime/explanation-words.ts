import type { Input, Output } from '../../contract/operations.ts';
import type { Effect, Explanation, ItemExplanation, NamedCause } from '../../learn/model/explanation.ts';
import type { PartName } from '../../learn/model/logit-parts.ts';
import type { Trend } from '../../learn/model/model.ts';
import type { ServedType } from '../../learn/recipes/recipe.ts';
import type { AnsweredList } from './explained-request.ts';

type Filter = NonNullable<Output<'Explain'>['filter']>;

/** An explanation, and what it takes to put it into words. */
export type ExplainedList = {
  readonly request: Pick<Input<'Explain'>, 'userId' | 'itemId'>;
  readonly recipeType: ServedType;
  readonly explanation: Explanation;
  readonly list: Pick<AnsweredList, 'items' | 'exploring' | 'hasPromotion' | 'dropped' | 'automaticFilter'>;
  readonly filter?: Filter | undefined;
  /** That of the promotion. */
  readonly ofPromotion?: Filter | undefined;
  titleOf(itemId: string): string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

type ScoredItem = Extract<ItemExplanation, { readonly kind: 'scored' }>;
type Origin = Output<'Explain'>['items'][number]['origin'];

/** What a part says of an item. */
const partWords: Readonly<Record<PartName, string>> = {
  encoder: 'encoder: the order of the history',
  factors: 'factors: what users with such a history have',
  metadata: 'metadata of the item',
  transitions: 'transitions: what comes right after the newest interactions',
  companions: 'companions: what others have had near those',
  neighbours: 'neighbours: what those have had who had the same items',
  popularity: 'popularity',
  base: 'base: the same for all items',
};

/** Causes of an item that a sentence names, and the lift from which on one counts: a twentieth of the score. */
const mostNamed = 3;
const noticeable = 0.05;

/** Sentences on the list as a whole. */
export function summaryOf(list: ExplainedList): string[] {
  return [
    ...basisOf(list),
    ...automaticFilterOf(list),
    ...filterOf(list),
    ...promotionOf(list),
    ...explorationOf(list),
    ...scoresOf(list),
  ];
}

/** What the list was made from. */
function basisOf({ request, recipeType, explanation, list, titleOf }: ExplainedList): string[] {
  const { history, items, older = 0 } = explanation;
  if (recipeType === 'RELATED_ITEMS') {
    const { itemId = '' } = request;
    const beside = named(itemId, titleOf);
    if (items.some(({ kind }) => kind === 'similar'))
      return [`These are the items whose texts are most like ${beside}.`];
    return items.some(({ kind }) => kind === 'related')
      ? [`These are the items that users had who had ${beside}, then popular ones.`]
      : [`The model knows too little of ${beside}, or nothing: these are popular items.`];
  }
  if (!history) {
    const trends = list.items.some(({ origin }) => origin === 'trend');
    return [
      `Everybody gets the same list: ${trends ? 'what trends, and then ' : ''}the items that the most users had.`,
    ];
  }
  const { userId = request.userId ?? '', kept, recent } = history;
  if (kept + recent === 0) {
    return [
      `The model knows no interactions of user ${userId}, so there is nothing personal to go by: these are the items ` +
        'that are popular, most of all with those who have just begun.',
    ];
  }
  const stands = request.userId === userId ? '' : `${request.userId} stands for user ${userId}. `;
  const left = older > 0 ? ` The ${older} oldest items of it are left aside, as the model hardly reads them.` : '';
  return [
    `${stands}The list is made from ${counted(kept, 'interaction')} of the training and ` +
      `${counted(recent, 'event')} since of user ${userId}.${left}`,
  ];
}

/** What the use case leaves out by itself. */
function automaticFilterOf({ list: { automaticFilter } }: ExplainedList): string[] {
  if (!automaticFilter) return [];
  const { text, matches, removed } = automaticFilter;
  return [
    `The automatic filter of the use case is ${text}: ${counted(matches, 'item')} of the model ${matches === 1 ? 'meets' : 'meet'} it, and it removes ${shown(removed)}.`,
  ];
}

/** What each clause of the filter did. */
function filterOf({ filter, list: { dropped } }: ExplainedList): string[] {
  const without = dropped.length > 0 ? [`The filter drops ${dropped.join(', ')}.`] : [];
  return filter ? [`The filter lets pass ${passing(filter)}.`, ...filter.clauses.map(clauseInWords), ...without] : [];
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

const passing = ({ items, clauses }: Filter) =>
  `${shown(clauses.at(-1)?.left ?? items)} of the model’s ${shown(items)} items`;

function clauseInWords({ text, state, matches, removed, left }: Filter['clauses'][number]): string {
  if (state === 'value missing') return `${text}: left out, as the request has no value for it.`;
  if (state === 'test not met') return `${text}: left out, as the user does not meet what stands after IF.`;
  const change = removed >= 0 ? `it removes ${shown(removed)}` : `it lets ${shown(-removed)} more pass`;
  return `${text}: ${shown(matches)} items meet it; ${change}, and ${shown(left)} are left.`;
}

function promotionOf({ list: { items, hasPromotion }, ofPromotion }: ExplainedList): string[] {
  if (!hasPromotion) return [];
  const count = items.filter(({ origin }) => origin === 'promotion').length;
  const from = ofPromotion ? `, chosen from ${passing(ofPromotion)}, which its filter lets pass` : '';
  return [
    `${count} of the items ${count === 1 ? 'is' : 'are'} promoted${from}. Their positions are drawn for each answer.`,
    ...(ofPromotion?.clauses.map(clauseInWords) ?? []),
  ];
}

function explorationOf({ list: { exploring, items } }: ExplainedList): string[] {
  if (!exploring) return [];
  const explored = items.filter(({ origin }) => origin === 'exploration').length;
  const { rate, candidates } = exploring;
  const among = counted(candidates.count, 'new item');
  const chance = `Each position is explored with a chance of ${(100 * rate).toFixed(1)} %, among ${among}`;
  return [
    explored === 0
      ? `${chance}. It has brought none of these; another request may get one.`
      : `${chance}. It has brought ${explored} of these; another request may get others.`,
  ];
}

function scoresOf({ explanation: { logSum } }: ExplainedList): string[] {
  // Of no items that have a score the sum is 0, its logarithm −∞.
  if (logSum === undefined || !Number.isFinite(logSum)) return [];
  const scale = `${logSum < 0 ? '+' : '−'} ${Math.abs(logSum).toFixed(4)}`;
  return [
    `A score is e^(logit ${scale}), which makes the scores of all items that the list might have had add up to 1.`,
  ];
}

/** Why an item is in the list. */
export function whyOf(item: ItemExplanation, origin: Origin, list: ExplainedList): string {
  const { trend } = list.list.items.find(({ id }) => id === item.itemId) ?? {};
  if (origin === 'trend' && trend) return trendInWords(trend);
  switch (item.kind) {
    case 'related':
      return `Number ${item.rank} of the items of those who had ${named(list.request.itemId ?? '', list.titleOf)}.`;
    case 'similar':
      return `Number ${item.rank} by how much its text is like ${named(list.request.itemId ?? '', list.titleOf)}.`;
    case 'popular':
      return `Number ${item.rank} by how many users had it.`;
    case 'unscored':
      return origin === 'promotion'
        ? 'The model has no interactions to know it by: the promotion has put it here, behind those with a score.'
        : 'The model has no interactions to know it by: it comes last, where there are no more items to score.';
    case 'scored':
      return [...originReason(origin), ...causesInWords(item.effects, list), partsInWords(item)].join(' ');
  }
}

const trendInWords = ({ interactions, growth }: Trend) =>
  `It trends: ${counted(interactions, 'interaction')} in the newest interval, at least ${growth.toFixed(1)} times as ` +
  'many as in the one before, beside the other items.';

function originReason(origin: Origin): string[] {
  if (origin === 'promotion') return ['The promotion has put it here, as one of the best that it may choose from.'];
  if (origin !== 'exploration') return [];
  return [
    'Exploration has put it here, to find out who likes it; its score is that of an item that nobody has had yet.',
  ];
}

function causesInWords(effects: readonly Effect[], list: ExplainedList): string[] {
  const because = effects.filter(({ lift }) => lift >= noticeable).slice(0, mostNamed);
  const despite = effects.filter(({ lift }) => lift <= -noticeable).slice(0, 1);
  if (effects.length === 0) return ['Nothing of the history decides over it.'];
  if (because.length + despite.length === 0) return ['Nothing of the history alone decides over it.'];
  const phrase = ({ cause, lift, scoreWithout }: Effect) =>
    `${causeInWords(cause, list)} (× ${Math.exp(lift).toFixed(2)}: without it the score would be ${shownScore(scoreWithout)})`;
  return [
    ...(because.length > 0 ? [`It is here because of ${because.map(phrase).join(', ')}.`] : []),
    ...(despite.length > 0 ? [`It would be higher without ${despite.map(phrase).join(', ')}.`] : []),
  ];
}

function causeInWords(cause: NamedCause, { titleOf, now }: ExplainedList): string {
  if (cause.kind === 'user') return 'what the Users dataset says of the user';
  if (cause.kind === 'context') return 'the context of the request';
  const { itemId, interactions, newestAt } = cause;
  const often = interactions > 1 ? `, ${interactions} times` : '';
  const when = newestAt === undefined ? '' : `, ${interactions > 1 ? 'last ' : ''}${ago(now / 1000 - newestAt)}`;
  return `${named(itemId, titleOf)}${often}${when}`;
}

/** The parts that make the most of a logit. */
function partsInWords({ logit, parts }: ScoredItem): string {
  const shown = partNamesOf(parts)
    .filter((name) => Math.abs(parts[name] ?? 0) >= 0.005)
    .sort((a, b) => rankOf(a, parts) - rankOf(b, parts))
    .map((name) => `${signed(parts[name] ?? 0)} (${partWords[name]})`);
  return `Its logit ${signed(logit)} is the sum of ${shown.length === 0 ? 'nothing' : shown.join(', ')}.`;
}

/** The greatest first, and the base last. */
const rankOf = (name: PartName, parts: ScoredItem['parts']) => (name === 'base' ? 1 : -Math.abs(parts[name] ?? 0));

const partNamesOf = (parts: ScoredItem['parts']): PartName[] =>
  Object.keys(parts).filter((name): name is PartName => name in partWords);

/** `Heat (1995)`; an item without a title by its id. */
export function named(itemId: string, titleOf: ExplainedList['titleOf']): string {
  const title = titleOf(itemId);
  return title === undefined || title === itemId ? itemId : `${title} (${itemId})`;
}

const signed = (value: number) => `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;
const shown = (count: number) => count.toLocaleString('en');
const shownScore = (score: number) => (score < 1e-4 ? score.toExponential(1) : score.toPrecision(3));

const units: readonly (readonly [name: string, seconds: number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `3 days ago`. */
export function ago(seconds: number): string {
  for (const [name, length] of units) {
    const count = Math.floor(seconds / length);
    if (count >= 1) return `${count} ${name}${count > 1 ? 's' : ''} ago`;
  }
  return 'just now';
}
