import type { ServerOptions } from '../cli/options/server-options.ts';
import { defaultQuotas, type Settings } from '../control/settings.ts';

/** What the control plane goes by. */
export const settingsOf = ({ quotas, recommendationIdHours, updateHours, ...options }: ServerOptions): Settings => ({
  quotas: { ...defaultQuotas, ...quotas },
  recommendationIdMs: recommendationIdHours * 3_600_000,
  updateEveryMs: updateHours * 3_600_000,
  badRows: options.badRows,
  seed: options.seed,
  batchProcesses: options.batchProcesses,
  textEncoder: options.textEncoder,
  themeEndpoint: themeEndpointOf(options),
  provider: options.provider,
});

type ThemeOptions = Pick<ServerOptions, 'themeEndpoint' | 'themeModel' | 'themeKey' | 'themeTimeout'>;

const themeEndpointOf = ({ themeEndpoint, themeModel, themeKey, themeTimeout }: ThemeOptions) =>
  themeEndpoint === undefined
    ? undefined
    : { url: themeEndpoint, model: themeModel, key: themeKey, timeoutMs: 1000 * themeTimeout };
