import type { ThemeItem } from './theme-columns.ts';
import { askForTitle, NoTitle, type ThemeEndpoint } from './theme-endpoint.ts';

/** After so many lists in a row for which the endpoint was at fault it is not asked again. */
const mostOutages = 3;

/** Titles of an endpoint, and a count of what it has not given, for the log. */
export class EndpointTitles {
  readonly #endpoint: ThemeEndpoint;
  readonly #notify: (note: string) => void;
  #outages = 0;
  #missing = 0;
  #lists = 0;
  #reason = '';

  /** @param notify takes sentences for the log, which hold nothing of the items */
  constructor(endpoint: ThemeEndpoint, notify: (note: string) => void) {
    this.#endpoint = endpoint;
    this.#notify = notify;
  }

  /** @returns nothing if the endpoint gives no title, or has been given up */
  async titleOf(items: readonly ThemeItem[]): Promise<string | undefined> {
    this.#lists++;
    if (this.#outages < mostOutages) {
      try {
        const title = await askForTitle(this.#endpoint, items);
        this.#outages = 0;
        return title;
      } catch (error) {
        if (!(error instanceof NoTitle)) throw error;
        this.#outages = error.isOutage ? this.#outages + 1 : 0;
        this.#reason = error.message;
      }
    }
    this.#missing++;
    return undefined;
  }

  /** Says for how many lists since the last time the local method had to find the title, if it had to for any. */
  report(): void {
    if (this.#missing > 0) {
      const givenUp = this.#outages >= mostOutages ? ' It is not asked again by this share of the job.' : '';
      this.#notify(
        `The theme endpoint gave no title for ${this.#missing} of ${this.#lists} lists, lately because ${this.#reason}; ` +
          `the local method named them.${givenUp}`,
      );
    }
    this.#missing = 0;
    this.#lists = 0;
  }
}
