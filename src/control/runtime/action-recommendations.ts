import { invalidInput } from '../../contract/errors.ts';
import { roundedScore } from '../../serve/answers/rounded-score.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { askedActions } from './asked-actions.ts';
import { readyDeployment } from './ready-deployment.ts';
import { actionsAllowedBy, filterNamed } from './request-eligibility.ts';
import { actionCount } from './request-limits.ts';
import { answeredId, streamedOf } from './user-history.ts';

export function actionRecommendationHandlers(context: Context): HandlersOf<'GetActionRecommendations'> {
  return {
    async GetActionRecommendations(input, caller) {
      const { campaignArn } = input;
      if (campaignArn === undefined) throw invalidInput('campaignArn is required.');
      const count = actionCount(input.numResults, context.settings.quotas);
      const requested = { operation: 'GetActionRecommendations', ids: { userId: input.userId } } as const;
      const ready = await readyDeployment(context, campaignArn, caller, requested);
      const userId = answeredId(context, ready, input.userId ?? '');
      const filter = filterNamed(input, 'filterValues');
      const allows = filter && (await actionsAllowedBy(context, ready, caller, filter, userId));
      const streamed = await streamedOf(context, ready, userId);
      const { actions } = await askedActions(context, ready, { userId, count, allows, streamed });
      return {
        actionList: actions.map(({ id, score }) => ({ actionId: id, score: roundedScore(score) })),
        recommendationId: context.records.impressions.unremembered(ready.deployment.ownerArn),
      };
    },
  };
}
