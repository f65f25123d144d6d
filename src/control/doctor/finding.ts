/** What a check has found. */
export type Finding = {
  /** `unknown`: it could not be checked, for a reason that another finding gives. */
  readonly state: 'ok' | 'wrong' | 'unknown';
  /** One word. */
  readonly about: string;
  /** A sentence; of what is wrong, with what to do. */
  readonly sentence: string;
  /** Single cases, the first of many. */
  readonly details?: readonly string[];
};

export const ok = (about: string, sentence: string, details: readonly string[] = []): Finding => ({
  state: 'ok',
  about,
  sentence,
  details,
});
export const unknown = (about: string, sentence: string): Finding => ({ state: 'unknown', about, sentence });
export const wrong = (about: string, sentence: string, details: readonly string[] = []): Finding => ({
  state: 'wrong',
  about,
  sentence,
  details: details.length > mostDetails ? [...details.slice(0, mostDetails), `… ${details.length} in all`] : details,
});

const mostDetails = 10;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
