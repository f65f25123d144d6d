import type { UserList } from '../../data/deletion/read-user-list.ts';
import type { FilePath } from '../../data/encryption/file-path.ts';

/** What child processes do for a data deletion job. */
export type DeletionTasks = {
  /** Reads the ids of CSV files into parts (`partName`) in a folder. */
  listUsers: {
    readonly input: {
      readonly files: readonly { readonly path: string; readonly uri: string }[];
      readonly folder: FilePath;
    };
    readonly result: UserList;
  };
};
