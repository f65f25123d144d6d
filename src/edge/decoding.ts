import type { TProperties, TSchema } from 'typebox';
import { invalidInput } from '../contract/errors.ts';
import { services } from '../contract/service.ts';
import { queryOf } from './addressing.ts';
import { decodeJson } from './body.ts';
import type { Steps } from './pipeline.ts';
import { decodeQueryInput } from './query/query-input.ts';

/** The input of an operation in its form on the wire: a JSON body, the query of a URL, or a form. */
export const decodeInput: Steps['decode'] = (request, { method, service, input }) => {
  if (services[service].query) return decodeQueryInput(request, input);
  return method === 'GET' ? decodeQuery(queryOf(request.url), input.properties) : decodeJson(request.body);
};

/** @throws ServiceError InvalidInputException for a parameter that is given twice or is not a number in its range */
function decodeQuery(query: string, members: TProperties): unknown {
  const parameters = new URLSearchParams(query);
  const entries = [...parameters].map(([name, text]) => {
    if (parameters.getAll(name).length > 1) throw invalidInput(`${name} may be given once.`);
    return [name, parameterValue(name, text, Object.hasOwn(members, name) ? members[name] : undefined)];
  });
  return Object.fromEntries(entries);
}

/** The keywords of the schemas in shape.ts that a parameter is read by. */
type Facts = { readonly type?: string; readonly minimum?: number; readonly maximum?: number };

function parameterValue(name: string, text: string, member: TSchema = {}): unknown {
  const { type, minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Facts = member;
  if (type === 'object' || type === 'array') return jsonValue(name, text);
  if (type !== 'integer') return text;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= minimum && number <= maximum) return number;
  throw invalidInput(`${name} must be a whole number from ${minimum} to ${maximum}.`);
}

/** Maps and lists are written as JSON. */
function jsonValue(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidInput(`${name} must be JSON.`);
  }
}
