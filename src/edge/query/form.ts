import { isUtf8 } from 'node:buffer';
import { ServiceError } from '../../contract/errors.ts';

/** A parameter's text, or the parameters below it by the next part of their names, as in `Tags.member.1.Key`. */
export type FormNode = { text?: string; readonly below: Map<string, FormNode> };

/** More than any operation takes, with every character of a policy escaped. */
const longestForm = 512 * 1024;

/** More than any operation takes. Reading time grows with parameters rather than with bytes. */
const mostParameters = 2000;

/** Deeper than any shape of the contract by far. */
const deepestName = 16;

/** Parameters of a signature in the query of a URL, which are none of the operation's. */
const ofSignature = /^X-Amz-/i;

/**
 * Reads a form, which may stand in the query of a URL, in a body, or in both.
 *
 * @throws ServiceError RequestEntityTooLarge for a form that no operation takes, SerializationException for a malformed
 *   one, or for a parameter that is given twice
 */
export function readForm(query: string, body: Buffer): FormNode {
  if (query.length + body.length > longestForm) {
    throw new ServiceError('RequestEntityTooLarge', `The form exceeds the limit of ${longestForm} bytes.`);
  }
  if (!isUtf8(body)) throw malformed('The body is not UTF-8 text.');
  const parameters = [...query.split('&'), ...body.toString('utf8').split('&')].filter((text) => text !== '');
  if (parameters.length > mostParameters) {
    throw malformed(`The form holds more than ${mostParameters} parameters, which no operation takes.`);
  }
  const root: FormNode = { below: new Map() };
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=');
    const name = decoded(equals < 0 ? parameter : parameter.slice(0, equals));
    if (!ofSignature.test(name)) put(root, name, equals < 0 ? '' : decoded(parameter.slice(equals + 1)));
  }
  return root;
}

function put(root: FormNode, name: string, text: string): void {
  const parts = name.split('.');
  if (parts.length > deepestName) throw malformed(`A name has more than ${deepestName} parts.`);
  let node = root;
  for (const part of parts) {
    const next = node.below.get(part) ?? { below: new Map() };
    node.below.set(part, next);
    node = next;
  }
  if (node.text !== undefined) throw malformed(`${name} may be given once.`);
  node.text = text;
}

/** @throws ServiceError SerializationException for escapes that are none, or text that no store can hold */
function decoded(text: string): string {
  try {
    const plain = decodeURIComponent(text.replaceAll('+', ' '));
    if (!plain.includes('\0')) return plain;
  } catch {
    throw malformed('The form is not URL-encoded UTF-8 text.');
  }
  throw malformed('A parameter holds U+0000.');
}

export const malformed = (message: string): ServiceError => new ServiceError('SerializationException', message);
