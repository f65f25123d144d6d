/**
 * The lives of the resources, in words:
 *
 * - Dataset groups, schemas, datasets, event trackers and solutions are nothing but settings: they are ACTIVE from the
 *   transaction that creates them, and gone with the one that deletes them. CREATE FAILED is what an earlier release
 *   has left of a deletion.
 * - A dataset shows the replacement of its schema in its own status: UPDATE PENDING, UPDATE IN_PROGRESS, then ACTIVE
 *   however it ended.
 * - A campaign is created (CREATE PENDING, CREATE IN_PROGRESS), then ACTIVE or CREATE FAILED; from both it can be
 *   deleted, which is done at once. A failed campaign comes to life by a successful update.
 * - An import job ends ACTIVE or CREATE FAILED and stays for as long as its dataset.
 * - So does a solution version with its solution, or it is stopped: at once while it waits, by way of CREATE STOPPING
 *   while it trains. A training that finishes or fails while it is being stopped counts as stopped.
 * - The update of a solution or a campaign runs beside its status, which stays ACTIVE; each new update starts over.
 *
 * Work that is taken up again after a crash finds its resource in the state that it left: no change is always allowed.
 */
const settings = { ACTIVE: [], 'CREATE FAILED': [] } as const;

const update = {
  'CREATE PENDING': ['CREATE IN_PROGRESS', 'CREATE FAILED'],
  'CREATE IN_PROGRESS': ['ACTIVE', 'CREATE FAILED'],
  ACTIVE: ['CREATE PENDING'],
  'CREATE FAILED': ['CREATE PENDING'],
} as const;

const transitions = {
  schema: settings,
  'dataset-group': settings,
  dataset: {
    ...settings,
    ACTIVE: ['UPDATE PENDING'],
    'UPDATE PENDING': ['UPDATE IN_PROGRESS', 'ACTIVE'],
    'UPDATE IN_PROGRESS': ['ACTIVE'],
  },
  'dataset-import-job': {
    'CREATE PENDING': ['CREATE IN_PROGRESS', 'CREATE FAILED'],
    'CREATE IN_PROGRESS': ['ACTIVE', 'CREATE FAILED'],
    ACTIVE: [],
    'CREATE FAILED': [],
  },
  'event-tracker': settings,
  solution: settings,
  'solution-version': {
    'CREATE PENDING': ['CREATE IN_PROGRESS', 'CREATE FAILED', 'CREATE STOPPED'],
    'CREATE IN_PROGRESS': ['ACTIVE', 'CREATE FAILED', 'CREATE STOPPING'],
    'CREATE STOPPING': ['CREATE STOPPED'],
    ACTIVE: [],
    'CREATE FAILED': [],
    'CREATE STOPPED': [],
  },
  campaign: {
    'CREATE PENDING': ['CREATE IN_PROGRESS', 'CREATE FAILED'],
    'CREATE IN_PROGRESS': ['ACTIVE', 'CREATE FAILED'],
    ACTIVE: [],
    'CREATE FAILED': ['ACTIVE'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>;

const updateTransitions = {
  dataset: {
    'UPDATE PENDING': ['UPDATE IN_PROGRESS', 'UPDATE FAILED'],
    'UPDATE IN_PROGRESS': ['ACTIVE', 'UPDATE FAILED'],
    ACTIVE: ['UPDATE PENDING'],
    'UPDATE FAILED': ['UPDATE PENDING'],
  },
  solution: update,
  campaign: update,
} as const satisfies Record<string, Record<string, readonly string[]>>;

export type Kind = keyof typeof transitions;
type Statuses = { readonly [K in Kind]: keyof (typeof transitions)[K] & string };
export type Status<K extends Kind = Kind> = Statuses[K];

/** The kinds whose `document.latestUpdate` has a life of its own. */
export type UpdatableKind = keyof typeof updateTransitions;
type UpdateStatuses = { readonly [K in UpdatableKind]: keyof (typeof updateTransitions)[K] & string };
export type UpdateStatus<K extends UpdatableKind> = UpdateStatuses[K];

export const isUpdatable = (kind: Kind): kind is UpdatableKind => kind in updateTransitions;

/** The status in which a resource of `kind` begins. */
export const firstStatus = (kind: Kind): Status =>
  'CREATE PENDING' in transitions[kind] ? 'CREATE PENDING' : 'ACTIVE';

/** Whether a resource of `kind` may go from one status to the other. */
export function mayBecome(kind: Kind, from: string, to: string): boolean {
  return from === to || allowed(transitions[kind], from).includes(to);
}

/** Whether the update of a resource may go from one status to the other; `from` undefined: there was none yet. */
export function updateMayBecome(kind: UpdatableKind, from: string | undefined, to: string): boolean {
  const steps = updateTransitions[kind];
  return from === to || allowed(steps, from ?? 'ACTIVE').includes(to);
}

function allowed(steps: { readonly [from: string]: readonly string[] }, from: string): readonly string[] {
  return steps[from] ?? [];
}

/** Work is going on or waiting: nothing else may be done to the resource. */
export const isUnsettled = (status: string | undefined) =>
  status !== undefined && /(PENDING|IN_PROGRESS|STOPPING)$/.test(status);

export const unfinishedStatuses = ['CREATE PENDING', 'CREATE IN_PROGRESS', 'CREATE STOPPING'] as const;
export const liveStatuses = ['CREATE PENDING', 'CREATE IN_PROGRESS', 'ACTIVE'] as const;
