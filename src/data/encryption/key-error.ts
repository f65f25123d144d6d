/**
 * - `disabled`, `pendingDeletion`, `notFound`: the state of the key
 * - `denied`: its policy, or that of the role, does not allow the use
 * - `invalid`: what was to be unwrapped is of another key or context, or altered
 * - `unreachable`: nothing is known of the key, as the key service does not answer
 */
export type KeyProblem = 'disabled' | 'pendingDeletion' | 'notFound' | 'denied' | 'invalid' | 'unreachable';

/**
 * A key cannot be used. The message is a sentence that names the key and says what to do; where the use was denied also
 * principal, action and resource.
 */
export class KeyError extends Error {
  readonly kind: KeyProblem;
  readonly kmsKeyArn: string;

  constructor(kind: KeyProblem, kmsKeyArn: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyError';
    this.kind = kind;
    this.kmsKeyArn = kmsKeyArn;
  }
}
