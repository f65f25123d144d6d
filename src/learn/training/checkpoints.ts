import type { FilePath } from '../../data/encryption/file-path.ts';

/**
 * Where a learning keeps how far it has come, so that another attempt at the same training resumes there. Each
 * file has a name, and of each name the newest file is kept.
 */
export type Checkpoints = CheckpointFiles & {
  /** Identifies the data and the settings of this training. */
  readonly training: string;
};

export type CheckpointFiles = {
  /** The file of what an earlier attempt kept; it may be of another training, or torn. */
  find(name: string): Promise<FilePath | undefined>;
  /** Whether it is time to keep something again: so seldom that it costs next to nothing. */
  due(): boolean;
  /** `write` makes the file that it is given, whole or not at all. */
  keep(name: string, write: (file: FilePath) => Promise<void>): Promise<void>;
};
