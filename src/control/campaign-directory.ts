import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '../serve/serving.ts';
import type { Parts } from './parts.ts';
import { findResource } from './resource-store.ts';

/** What a request for recommendations needs to know of its campaign. */
export type CampaignEntry = {
  readonly account: string;
  readonly region: string;
  readonly status: string;
  /** Absent until the campaign has been ACTIVE. */
  readonly deployment?: Deployment;
};

type Entry = CampaignEntry | undefined;
type Cached = { readonly entry: Promise<Entry>; readAt: number; refreshing?: Promise<Entry> | undefined };

/** How old an answer may be before it is read again, in the background. */
const freshForMs = 1000;
/** How old it may be for a request to go ahead with it while it is read again. */
const goodForMs = 2000;
/** How long a request waits for a database that does not answer, before it goes ahead with what was last known. */
const patienceMs = 1000;

/**
 * The campaigns in memory, so that requests for recommendations wait for the database at a campaign's first use and after
 * a pause only. A change made here shows at once (`forget`), one made by another node within `goodForMs`.
 */
export class CampaignDirectory {
  readonly #parts: Pick<Parts, 'database' | 'clock' | 'log'>;
  readonly #cached = new Map<string, Cached>();

  constructor(parts: Pick<Parts, 'database' | 'clock' | 'log'>) {
    this.#parts = parts;
  }

  /** The campaign that bears the ARN; undefined if there is none. */
  find(arn: string): Promise<Entry> {
    const cached = this.#cached.get(arn);
    if (!cached) return this.#load(arn);
    const age = this.#parts.clock.now() - cached.readAt;
    if (age <= freshForMs) return cached.entry;
    const refreshed = this.#refresh(arn, cached);
    if (age <= goodForMs) return cached.entry;
    return Promise.race([refreshed, sleep(patienceMs, cached.entry, { ref: false })]);
  }

  /** Has the next request read the campaign anew. */
  forget(arn: string): void {
    this.#cached.delete(arn);
  }

  #load(arn: string): Promise<Entry> {
    const entry = this.#read(arn);
    const cached = { entry, readAt: this.#parts.clock.now() };
    this.#cached.set(arn, cached);
    // Only campaigns that can answer stay: requests for made-up names fill no memory, failures are not remembered, and
    // what another node makes ready shows at once.
    entry.then(
      (found) => found?.deployment === undefined && this.#drop(arn, cached),
      () => this.#drop(arn, cached),
    );
    return entry;
  }

  /** Reads the campaign again, once for all who ask meanwhile. What was last known stands in for a failure. */
  #refresh(arn: string, cached: Cached): Promise<Entry> {
    cached.refreshing ??= this.#read(arn).then(
      (found) => {
        if (found === undefined) this.#drop(arn, cached);
        else if (this.#cached.get(arn) === cached) {
          this.#cached.set(arn, { entry: Promise.resolve(found), readAt: this.#parts.clock.now() });
        }
        return found;
      },
      (error: unknown) => {
        cached.refreshing = undefined;
        cached.readAt = this.#parts.clock.now();
        this.#parts.log.warn({ err: error, campaign: arn }, 'A campaign is served as last known.');
        return cached.entry;
      },
    );
    return cached.refreshing;
  }

  #drop(arn: string, cached: Cached): void {
    if (this.#cached.get(arn) === cached) this.#cached.delete(arn);
  }

  async #read(arn: string): Promise<Entry> {
    const campaign = await findResource(this.#parts.database, 'campaign', arn);
    if (!campaign) return undefined;
    const { account, region, status } = campaign;
    const { serves } = campaign.document;
    if (!serves) return { account, region, status };
    return { account, region, status, deployment: { campaignArn: arn, ...serves } };
  }
}
