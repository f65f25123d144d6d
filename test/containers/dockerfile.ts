import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What an image would hold, as a folder, and how it is run. */
export type Image = {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly user: string;
};

type Stage = {
  readonly root: string;
  readonly environment: Record<string, string>;
  readonly arrays: Map<string, readonly string[]>;
  folder: string;
  user: string;
};

/**
 * Runs the steps of a Dockerfile in folders instead of containers: what it copies must suffice. Steps that need another
 * root than this machine's, such as the one that makes a user, are left to a real build.
 *
 * @param context the folder of the Dockerfile
 * @param folder an empty one
 */
export async function buildFromDockerfile(context: string, folder: string): Promise<Image> {
  const allowed = await allowedNames(context);
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const [name, text] of await instructionsOf(join(context, 'Dockerfile'))) {
    if (name === 'FROM') {
      const [, alias = `${stages.size}`] = / AS (\w+)$/.exec(text) ?? [];
      stage = { root: join(folder, alias), environment: {}, arrays: new Map(), folder: '/', user: 'root' };
      await mkdir(join(stage.root, 'usr/local/bin'), { recursive: true });
      await symlink(process.execPath, join(stage.root, 'usr/local/bin/node'));
      stages.set(alias, stage);
    } else if (stage) await step(stage, name, text, { context, allowed, stages });
  }
  if (!stage) throw new Error('The Dockerfile has no stage.');
  const { root, environment, arrays, user } = stage;
  const [entrypoint = [], command = [], healthcheck = []] = ['ENTRYPOINT', 'CMD', 'HEALTHCHECK'].map((name) =>
    arrays.get(name),
  );
  return { root, environment, entrypoint, command, healthcheck, user };
}

type Places = {
  readonly context: string;
  readonly allowed: ReadonlySet<string>;
  readonly stages: ReadonlyMap<string, Stage>;
};

async function step(stage: Stage, name: string, text: string, places: Places): Promise<void> {
  switch (name) {
    case 'ARG':
    case 'ENV':
      for (const [, key = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) stage.environment[key] = value;
      return;
    case 'WORKDIR':
      stage.folder = text;
      await mkdir(join(stage.root, text), { recursive: true });
      return;
    case 'COPY':
      return await copy(stage, text, places);
    case 'RUN':
      if (!text.startsWith('groupadd')) await runIn(stage, text);
      return;
    case 'USER':
      stage.user = text;
      return;
    case 'ENTRYPOINT':
    case 'CMD':
      stage.arrays.set(name, JSON.parse(text));
      return;
    case 'HEALTHCHECK':
      stage.arrays.set(name, JSON.parse(text.slice(text.indexOf('['))));
      return;
    case 'VOLUME':
    case 'EXPOSE':
      return;
    default:
      throw new Error(`This test does not know the instruction ${name}.`);
  }
}

async function copy(stage: Stage, text: string, { context, allowed, stages }: Places): Promise<void> {
  const [, from, rest = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(text) ?? [];
  const names = rest.split(' ');
  const target = names.pop() ?? '';
  for (const name of names) {
    if (name === '/usr/local/bin/node') continue; // it stands there as this machine's
    const top = name.replace(/^\.\//, '').split('/')[0] ?? '';
    if (!from && !allowed.has(top)) throw new Error(`.dockerignore keeps ${name} from the build.`);
    const source = from ? join(stages.get(from)?.root ?? '', name) : join(context, name);
    const base = name.slice(name.lastIndexOf('/') + 1);
    const place = target.endsWith('/') ? join(target, base) : target;
    const path = join(stage.root, place.startsWith('/') ? place : join(stage.folder, place));
    await mkdir(dirname(path), { recursive: true });
    await cp(source, path, { recursive: true, verbatimSymlinks: true });
  }
}

async function runIn(stage: Stage, text: string): Promise<void> {
  const bin = join(stage.root, 'usr/local/bin');
  const { HOME = '/', PATH = '' } = process.env;
  await run('sh', ['-ec', text], {
    cwd: join(stage.root, stage.folder),
    // What is in the cache of npm need not be asked for again.
    env: { HOME, PATH: `${bin}:${PATH}`, npm_config_prefer_offline: 'true', ...stage.environment },
    maxBuffer: 2 ** 26,
  });
}

/** Instructions with their text, continued lines joined. Those before the first stage only name images. */
async function instructionsOf(path: string): Promise<(readonly [string, string])[]> {
  const text = (await readFile(path, 'utf8')).replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), line.slice(space + 1).trim()] as const;
    });
}

/** What .dockerignore lets through: it excludes all, and names what is not excluded. */
async function allowedNames(context: string): Promise<ReadonlySet<string>> {
  const [first, ...lines] = (await readFile(join(context, '.dockerignore'), 'utf8')).trim().split('\n');
  if (first !== '*') throw new Error('.dockerignore does not begin with all.');
  return new Set(lines.map((line) => line.replace(/^!/, '')));
}
