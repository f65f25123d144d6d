import { allUsers, type Histories } from '../../histories/histories.ts';
import { usersWithinPercentiles } from '../../histories/percentiles.ts';
import type { Parameters } from '../../recipes/parameter-values.ts';

/** The users whose histories are neither too short nor too long to learn from. */
export const trainingUsers = (histories: Histories, parameters: Parameters): Uint32Array =>
  usersWithinPercentiles(
    histories,
    allUsers(histories),
    parameters.number('min_user_history_length_percentile'),
    parameters.number('max_user_history_length_percentile'),
  );
