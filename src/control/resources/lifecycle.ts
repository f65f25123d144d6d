/** The statuses of something, each with those that may follow it. */
export type Steps = { readonly [status: string]: readonly string[] };

/**
 * The states that a resource goes through. Work that is taken up again after a crash finds its resource in the state
 * that it left: to stay in a state is always allowed.
 */
export type LifeCycle = {
  /** The status of a new resource. */
  readonly first: string;
  readonly steps: Steps;
  /** Of `document.latestUpdate`, which has a life of its own beside the resource's status. */
  readonly updateSteps?: Steps;
};

/**
 * Resources that are nothing but settings are ACTIVE from the transaction that creates them, and gone with the one that
 * deletes them. CREATE FAILED is what an earlier release has left of a deletion.
 */
export const settingsLife = {
  first: 'ACTIVE',
  steps: { ACTIVE: [], 'CREATE FAILED': [] },
} as const satisfies LifeCycle;

/** What a job brings about: it ends ACTIVE or CREATE FAILED. */
export const creationLife = {
  first: 'CREATE PENDING',
  steps: {
    'CREATE PENDING': ['CREATE IN_PROGRESS', 'CREATE FAILED'],
    'CREATE IN_PROGRESS': ['ACTIVE', 'CREATE FAILED'],
    ACTIVE: [],
    'CREATE FAILED': [],
  },
} as const satisfies LifeCycle;

/** An update runs beside the status of its resource, which stays ACTIVE; each new update starts over. */
export const updateSteps = {
  'CREATE PENDING': ['CREATE IN_PROGRESS', 'CREATE FAILED'],
  'CREATE IN_PROGRESS': ['ACTIVE', 'CREATE FAILED'],
  ACTIVE: ['CREATE PENDING'],
  'CREATE FAILED': ['CREATE PENDING'],
} as const satisfies Steps;

/** Whether one status may follow another. */
export const mayFollow = (steps: Steps, from: string, to: string): boolean =>
  from === to || (steps[from] ?? []).includes(to);

/** Work is going on or waiting: nothing else may be done to the resource. */
export const isUnsettled = (status: string | undefined) =>
  status !== undefined && /(PENDING|IN_PROGRESS|STOPPING)$/.test(status);

const isLive = (status: string) => !/(FAILED|STOPPED|COMPLETED)$/.test(status);

/** The statuses in which work is going on or waiting. */
export const unfinishedStatuses = ({ steps }: LifeCycle) => Object.keys(steps).filter(isUnsettled);

/** The statuses in which a resource rests, and can be deleted. */
export const settledStatuses = ({ steps }: LifeCycle) => Object.keys(steps).filter((status) => !isUnsettled(status));

/** The statuses in which a resource is there, or will be. */
export const liveStatuses = ({ steps }: LifeCycle) => Object.keys(steps).filter(isLive);
