import { KeyError, type KeyProblem } from '../../data/encryption/key-error.ts';

/** Errors of AWS KMS, and of servers that speak its protocol, by name. */
const problems: Readonly<Partial<Record<string, KeyProblem>>> = {
  NotFoundException: 'notFound',
  InvalidArnException: 'notFound',
  DisabledException: 'disabled',
  KMSInvalidStateException: 'pendingDeletion',
  InvalidKeyUsageException: 'denied',
  AccessDeniedException: 'denied',
  UnrecognizedClientException: 'denied',
  InvalidClientTokenId: 'denied',
  InvalidSignatureException: 'denied',
  ExpiredTokenException: 'denied',
  CredentialsProviderError: 'denied',
  InvalidCiphertextException: 'invalid',
  IncorrectKeyException: 'invalid',
};

const advice: Readonly<Record<KeyProblem, string>> = {
  notFound: 'make the key there, or name another one',
  disabled: 'enable it there',
  pendingDeletion: 'cancel its deletion there and enable it',
  denied: 'check the credentials of this server and the policy of the key',
  invalid: 'restore what it has encrypted from a backup',
  unreachable: 'check that it runs and can be reached',
};

/** What an error of the client for a KMS means for a key. */
export function endpointProblem(error: unknown, kmsKeyArn: string, endpoint: string): KeyError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const kind = problems[name] ?? 'unreachable';
  const said = message === '' || message === name ? name : `${name}, ${message.replace(/\.$/, '')}`;
  const sentence = `The key ${kmsKeyArn} cannot be used by ${endpoint}: ${said}. To go on, ${advice[kind]}.`;
  return new KeyError(kind, kmsKeyArn, sentence, { cause: error });
}
