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
  /** Writes a model that does not know the users of a list into an empty folder. */
  forgetUsers: {
    readonly input: {
      readonly model: FilePath;
      /** Files with the list, each a JSON list of ids. */
      readonly users: readonly FilePath[];
      readonly folder: FilePath;
    };
    /** How many users were forgotten; with 0 there is no model. */
    readonly result: number;
  };
  /** Takes lines of users out of the files of the log of exploration. */
  forgetPropensities: {
    readonly input: {
      readonly folder: string;
      readonly users: readonly FilePath[];
      /** Those who answered them. */
      readonly ownerArns: readonly string[];
    };
    readonly result: true;
  };
};
