import type { Command } from 'commander';
import { flag, option } from './option.ts';
import { type PlaceOptions, placeOptions } from './place-options.ts';
import { defaultServerOptions as defaults } from './server-options.ts';

export type DoctorOptions = PlaceOptions & {
  /** Where the server listens, or shall. */
  readonly port: number;
  readonly repair: boolean;
};

export const doctorOptions = (command: Command, parsePort: (value: string) => number): Command =>
  placeOptions(command)
    .addOption(
      option('--port <n>', 'port where the server listens, or shall').default(defaults.port).argParser(parsePort),
    )
    .addOption(flag('--repair', 'mend what can be mended without loss, while no server runs').default(false));
