import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The program of a Chromium; undefined where there is none. */
export async function findChromium(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const program of folders.map((folder) => join(folder, name))) {
      const works = await access(program, constants.X_OK)
        .then(() => run(program, ['--version']))
        .then(
          () => true,
          () => false,
        );
      if (works) return program;
    }
  }
  return undefined;
}

/** The same for a test: where there is none, that is a failure in CI, and a warning that says what is not checked. */
export async function chromiumFor(what: string): Promise<string | undefined> {
  const found = await findChromium();
  if (found !== undefined) return found;
  if (process.env.CI) throw new Error('There is no Chromium, and this check must not be skipped here.');
  console.warn(`SKIPPED: there is no Chromium, so ${what} not checked in a browser.`);
  return undefined;
}
