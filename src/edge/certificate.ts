import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Logger } from '../util/logger.ts';

/** Where a certificate with its chain, and its key, are: two files in PEM form. */
export type CertificateFiles = { readonly cert: string; readonly key: string };

/** What a server of TLS is made with. */
export type SecureSettings = { readonly cert: Buffer; readonly key: Buffer; readonly minVersion: 'TLSv1.2' };

type CertificateParts = CertificateFiles & {
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** How often the files are looked at. */
  readonly everyMs?: number;
};

/** Two small files are read so often. A look needs no signal, and sees symbolic links that are swapped. */
const usualEveryMs = 5000;

/**
 * The certificate of a server, as the files have it now. One that is replaced is used from then on; the old one goes on
 * where the new files are no pair, also for the moment between the replacement of one and of the other.
 */
export class Certificate {
  readonly #parts: CertificateParts;
  readonly #followers: ((certificate: Certificate) => unknown)[] = [];
  readonly #timer: NodeJS.Timeout;
  #settings: SecureSettings;
  #refused: SecureSettings | undefined;

  private constructor(parts: CertificateParts, settings: SecureSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#timer = setInterval(() => void this.#look(), parts.everyMs ?? usualEveryMs).unref();
  }

  /** @throws Error with a sentence for a person if the files cannot be read or are no pair */
  static async open(parts: CertificateParts): Promise<Certificate> {
    const settings = await read(parts).catch((cause: unknown) => {
      throw new Error(`The certificate and its key cannot be read: ${reasonOf(cause)}`, { cause });
    });
    const problem = problemOf(settings);
    if (problem !== undefined) throw new Error(unusable(parts, problem));
    return new Certificate(parts, settings);
  }

  get settings(): SecureSettings {
    return this.#settings;
  }

  /** SHA-256 of the certificate, in hexadecimal with colons: who knows it needs to trust nobody else. */
  get fingerprint(): string {
    return new X509Certificate(this.#settings.cert).fingerprint256;
  }

  /** Calls `apply` each time that the certificate was replaced. */
  onReplaced(apply: (certificate: Certificate) => unknown): void {
    this.#followers.push(apply);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { log } = this.#parts;
    // A file may be gone for a moment; what was read goes on.
    const found = await read(this.#parts).catch(() => undefined);
    if (!found || isSame(found, this.#settings) || (this.#refused && isSame(found, this.#refused))) return;
    const problem = problemOf(found);
    if (problem !== undefined) {
      this.#refused = found;
      log.error({}, `${unusable(this.#parts, problem)} The former certificate goes on.`);
      return;
    }
    this.#refused = undefined;
    this.#settings = found;
    for (const apply of this.#followers) apply(this);
    const { fingerprint256, validTo } = new X509Certificate(found.cert);
    log.info({ fingerprint: fingerprint256, validTo }, 'The certificate was replaced.');
  }
}

async function read({ cert, key }: CertificateFiles): Promise<SecureSettings> {
  const [certificate, itsKey] = await Promise.all([readFile(cert), readFile(key)]);
  return { cert: certificate, key: itsKey, minVersion: 'TLSv1.2' };
}

/** Why a pair cannot be used; undefined for one that can. */
function problemOf(settings: SecureSettings): string | undefined {
  try {
    createSecureContext(settings);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

const unusable = ({ cert, key }: CertificateFiles, problem: string) =>
  `The certificate in ${cert} with the key in ${key} cannot be used: ${problem}.`;

const isSame = (one: SecureSettings, other: SecureSettings) => one.cert.equals(other.cert) && one.key.equals(other.key);

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
