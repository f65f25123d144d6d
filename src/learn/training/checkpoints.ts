/**
 * Where a learning keeps how far it has come, so that another attempt at the same training resumes there. Each
 * file has a name, and of each name the newest file is kept.
 */
export type Checkpoints = CheckpointFiles & {
  /** Identifies the data and the settings of this training. */
  readonly training: string;
};

export type CheckpointFiles = {
  /** The path of what an earlier attempt kept; it may be of another training, or torn. */
  find(name: string): Promise<string | undefined>;
  /** Whether it is time to keep something again: so seldom that it costs next to nothing. */
  due(): boolean;
  /** `write` makes the file at the path that it is given, whole or not at all. */
  keep(name: string, write: (path: string) => Promise<void>): Promise<void>;
};
