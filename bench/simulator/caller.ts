import { madeUpSignature } from '../serving/made-up-signature.ts';

/** Calls a REST operation and gives the body of its answer. @throws unless it is answered with 200. */
export type Caller = (path: string, input: object) => Promise<string>;

/** Far less work than the AWS SDK does for the same bytes: a simulation makes some hundred thousand calls. */
export function callerOf(url: string): Caller {
  const headers = { 'content-type': 'application/json', ...madeUpSignature };
  return async (path, input) => {
    const response = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(input) });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path} was answered with ${response.status}: ${text}`);
    return text;
  };
}
