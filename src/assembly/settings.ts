import type { ServerOptions } from '../cli/options/server-options.ts';
import { defaultQuotas, type Settings } from '../control/settings.ts';

/** What the control plane goes by. */
export const settingsOf = ({ quotas, recommendationIdHours, updateHours, ...options }: ServerOptions): Settings => ({
  quotas: { ...defaultQuotas, ...quotas },
  recommendationIdMs: recommendationIdHours * 3_600_000,
  updateEveryMs: updateHours * 3_600_000,
  badRows: options.badRows,
  seed: options.seed,
  textEncoder: options.textEncoder,
  provider: options.provider,
});
