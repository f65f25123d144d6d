import type { Command } from 'commander';
import { type PlaceOptions, placeOptions } from './place-options.ts';

export type BackupOptions = PlaceOptions & { readonly target: string };
export type RestoreOptions = PlaceOptions & { readonly backup: string };

export function backupOptions(command: Command): Command {
  return placeOptions(command.argument('<target>', 'a new folder or s3://bucket/prefix for the backup'));
}

export function restoreOptions(command: Command): Command {
  return placeOptions(command.argument('<backup>', 'the folder or s3://bucket/prefix of a backup'));
}
