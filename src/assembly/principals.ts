import { HeldPolicies } from '../access/authorisation/held-policies.ts';
import { Principals } from '../access/principals/principals.ts';
import { readSecretKey } from '../access/principals/secret-key.ts';
import { keyLocation } from '../cli/locations.ts';
import type { ServerOptions } from '../cli/options/server-options.ts';
import type { Database } from '../data/database/database.ts';
import { isLoopback } from '../edge/host.ts';
import type { Logger } from '../util/logger.ts';

/** Who has keys, and what they may do. */
export type Verified = { readonly principals: Principals; readonly policies: HeldPolicies };

const openBeyond = (host: string) =>
  `With --auth off the server listens on this machine alone: leave it out to have signatures verified on ${host}.`;

/** Whether signatures are verified. @throws Error with a sentence for --auth off beyond this machine */
export function verifiesSignatures({ auth, host }: ServerOptions): boolean {
  const verifies = auth === 'on' || !isLoopback(host);
  if (verifies && auth === 'off') throw new Error(openBeyond(host));
  return verifies;
}

/** @throws Error with a sentence if a server beyond this machine has no credential that it could accept */
export async function openPrincipals(options: ServerOptions, database: Database, log: Logger): Promise<Verified> {
  const policies = new HeldPolicies((error) => log.error({ err: error }, 'A policy cannot be read, and denies all.'));
  const principals = new Principals({
    database,
    secretKey: () => readSecretKey(keyLocation(options)),
    alsoRead: (database) => policies.refresh(database),
    onError: (error) => log.warn({ err: error }, 'Access keys are used as last known.'),
  });
  await principals.start();
  if (principals.hasActive || isLoopback(options.host)) return { principals, policies };
  await principals.stop();
  throw new Error(
    `On ${options.host} the server answers those alone who have an access key, and there is none: make one with ` +
      '"openpersonalize access create-key" and the same --home, --database and --key-file, then start again.',
  );
}
