/** The three services of the API that are built here, and `admin`: what the people who run a server ask it. */
export type Service = 'personalize' | 'personalize-events' | 'personalize-runtime' | 'admin';
