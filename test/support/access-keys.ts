import { runOpenPersonalize } from './server.ts';

export type Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
};

/** Runs `openpersonalize access …`; gives its exit code and all that it has written. */
export async function access(home: string, ...parameters: readonly string[]) {
  const program = runOpenPersonalize(['access', ...parameters, '--home', home]);
  const code = await new Promise<number | null>((resolve) => program.process.once('close', resolve));
  return { code, text: program.output() + program.errors() };
}

/** The access key that such a command has made. */
export async function keysOf(home: string, ...parameters: readonly string[]): Promise<Keys> {
  const { text } = await access(home, ...parameters);
  const [, accessKeyId, secretAccessKey] =
    /AWS_ACCESS_KEY_ID=(\S+)\s+export AWS_SECRET_ACCESS_KEY=(\S+)/.exec(text) ?? [];
  if (accessKeyId === undefined || secretAccessKey === undefined) throw new Error(text);
  const [, sessionToken] = /AWS_SESSION_TOKEN=(\S+)/.exec(text) ?? [];
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}
