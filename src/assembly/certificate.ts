import type { Logger } from 'pino';
import type { ServerOptions } from '../cli/options/server-options.ts';
import { Certificate } from '../edge/certificate.ts';

/** Undefined without TLS. @throws Error with a sentence for one of two files, and for files that are no pair */
export async function openCertificate(
  { tlsCert, tlsKey }: ServerOptions,
  log: Logger,
): Promise<Certificate | undefined> {
  if (tlsCert !== undefined && tlsKey !== undefined) return await Certificate.open({ cert: tlsCert, key: tlsKey, log });
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  throw new Error('For TLS the server needs a certificate and its key: give both --tls-cert and --tls-key.');
}
