/** The three services of the API that are built here. */
export type Service = 'personalize' | 'personalize-events' | 'personalize-runtime';
