import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

/**
 * What neither the kernels nor the tensor library may know: anything. `learn` is a file of it, such as histories.ts.
 */
const besideNumbers = [
  ...['cli', 'edge', 'evaluate', 'control', 'serve', 'data', 'contract', 'util', 'terminal'],
  ...['learn', 'learn/recipes', 'learn/training-set', 'learn/metrics'],
];

/** All that makes up a server: clients and the terminal know none of it. */
const parts = 'access assembly cli contract control data edge evaluate learn processes serve'.split(' ');

/**
 * What each part may not know: cli → edge → control → serve → learn → data, and edge, control → access → data. All of
 * them may know contract and util.
 */
const forbidden: Record<string, readonly string[]> = {
  contract: ['cli', 'edge', 'evaluate', 'control', 'serve', 'learn', 'access', 'data', 'util', 'processes', 'assembly'],
  util: ['cli', 'edge', 'evaluate', 'control', 'serve', 'learn', 'access', 'data', 'contract', 'processes', 'assembly'],
  data: ['cli', 'edge', 'evaluate', 'control', 'serve', 'learn', 'access', 'processes', 'assembly'],
  access: ['cli', 'edge', 'evaluate', 'control', 'serve', 'learn', 'processes', 'assembly'],
  learn: ['cli', 'edge', 'evaluate', 'control', 'serve', 'access', 'processes', 'assembly'],
  'learn/kernels': [...besideNumbers, 'learn/tensor'],
  'learn/tensor': [...besideNumbers, 'learn/kernels'],
  evaluate: ['cli', 'edge', 'control', 'serve', 'access', 'processes', 'assembly'],
  serve: ['cli', 'edge', 'evaluate', 'control', 'access', 'processes', 'assembly'],
  control: ['cli', 'edge', 'evaluate', 'processes', 'assembly'],
  'control/solutions': ['edge', 'control/recipes', 'control/runtime', 'control/datasets', 'control/to-come'],
  'control/models': ['control/solutions', 'control/datasets'],
  'control/to-come': ['control/solutions', 'control/datasets'],
  'control/jobs': ['edge', 'control/models', 'control/datasets/dataset-kind.ts'],
  'control/resources': ['edge', 'control/deployments', 'control/datasets/dataset-kind.ts'],
  edge: ['cli', 'evaluate', 'processes', 'assembly'],
  processes: ['cli', 'evaluate', 'quickstart', 'terminal', 'assembly'],
  quickstart: parts,
  terminal: parts,
  '../demo': parts,
};
/** What every family of control may know of others. */
const faces = ['control/datasets/dataset-kind.ts', 'control/datasets/compaction.ts', 'control/context.ts'];

const allowed: Record<string, readonly string[]> = {
  data: ['contract', 'util'],
  access: ['contract', 'util', 'data'],
  learn: ['contract', 'util', 'data', 'learn/kernels', 'learn/tensor'],
  evaluate: ['contract', 'util', 'data', 'learn'],
  serve: ['contract', 'util', 'data', 'learn'],
  control: ['contract', 'util', 'data', 'learn', 'serve', 'access'],
  'control/solutions': ['data', 'control/resources', 'control/jobs', 'control/models', 'control/deployments', ...faces],
  'control/to-come': ['serve', 'control/models', ...faces],
  'control/jobs': ['data', 'control/resources'],
  'control/resources': ['data', 'control/jobs'],
  edge: ['contract', 'util', 'data', 'learn', 'serve', 'access', 'control'],
  processes: ['contract', 'util', 'data', 'serve', 'access', 'control', 'edge'],
  cli: ['contract', 'util', 'data', 'learn', 'evaluate', 'serve', 'access', 'control', 'edge', 'terminal'],
  assembly: ['contract', 'util', 'data', 'serve', 'access', 'control', 'edge', 'cli', 'processes'],
  quickstart: ['util', 'terminal'],
  terminal: ['util'],
  '../demo': ['util', 'terminal', 'quickstart'],
};

/** Ways to depend on a module. */
const imports: Record<string, (module: string) => string> = {
  value: (module) => `import { a } from '${module}';\nexport const b = a;\n`,
  type: (module) => `import type { A } from '${module}';\nexport type B = A;\n`,
  'export-from': (module) => `export { a } from '${module}';\n`,
  dynamic: (module) => `export const b = await import('${module}');\n`,
};

/** Files in a part, and in a folder of it, that import another part or a file of one. */
const files = (arrows: typeof forbidden, name: string) =>
  Object.entries(arrows).flatMap(([from, targets]) =>
    targets.flatMap((to) =>
      Object.entries(imports).flatMap(([way, content]) =>
        ['', 'folder/'].map((folder) => {
          const file = `${name}-${way}-of-${to.replaceAll('/', '-').replace('.ts', '')}.ts`;
          const path = join('src', from, folder, file);
          const module = relative(dirname(path), to.endsWith('.ts') ? `src/${to}` : `src/${to}/module.ts`);
          return { path, content: content(module) };
        }),
      ),
    ),
  );

let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'openpersonalize-arrows-'));
  await copyFile(join(root, 'biome.json'), join(project, 'biome.json'));
  for (const { path, content } of [...files(forbidden, 'wrong'), ...files(allowed, 'right')]) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), content);
  }
});
afterAll(() => rm(project, { recursive: true }));

it('no import against the arrows gets through the build, and every other does', async () => {
  // The first check of the build, with the project's own rules.
  const options = [
    'lint',
    '--vcs-enabled=false',
    '--only=noRestrictedImports',
    '--reporter=json',
    '--max-diagnostics=none',
  ];
  const { stdout } = await run(join(root, 'node_modules/.bin/biome'), [...options, 'src', 'demo'], {
    cwd: project,
  }).catch((failure: { stdout: string }) => failure);
  const { diagnostics }: Report = JSON.parse(stdout);
  const refused = diagnostics.filter(({ severity }) => severity === 'error').map(({ location }) => location.path);
  expect(refused.sort()).toEqual(
    files(forbidden, 'wrong')
      .map(({ path }) => path)
      .sort(),
  );
});

type Report = { readonly diagnostics: readonly { severity: string; location: { path: string } }[] };
