import { describe, expect, it } from 'vitest';
import { httpServerFor, json, listRecipes, recorder } from './http-server.fixture.ts';
import { createMetrics } from './metrics.ts';

describe('pages for people and machines', () => {
  it('says what it is on the root', async () => {
    const answer = await httpServerFor({ version: '1.2.3' }).inject('/');
    expect(answer.headers['content-type']).toMatch('text/html');
    expect(answer.body).toContain('--endpoint-url http://localhost:80');
    expect(answer.body).toContain('OpenPersonalize 1.2.3');
  });

  it('answers /healthz', async () => {
    expect((await httpServerFor({}).inject('/healthz')).statusCode).toBe(200);
  });

  it('measures requests by operation and code, never by what a caller made up', async () => {
    const { dispatch } = recorder();
    const app = httpServerFor({
      dispatch,
      metrics: createMetrics({
        runningJobs: () => [
          {
            kind: 'solution-version',
            resourceArn: 'arn:v',
            fraction: 0.25,
            remainingSeconds: 90,
            figures: { epoch: 2.5, loss: 4.5, validationNdcg: 0.125 },
          },
          { kind: 'import', resourceArn: 'arn:i', fraction: 0, remainingSeconds: undefined, figures: {} },
        ],
        loadedDeployments: () => [{ ownerArn: 'arn:c', bytes: 1234 }],
        views: () => [{ view: 'exploration', arn: 'arn:c', bytes: 345 }],
        liveHistories: () => [{ datasetArn: 'arn:d', bytes: 567 }],
        candidates: () => [{ ownerArn: 'arn:c', count: 89 }],
      }),
    });
    await app.inject({ method: 'POST', url: '/', headers: listRecipes });
    await app.inject({ method: 'POST', url: '/made-up', headers: json });
    const { body } = await app.inject('/metrics');
    expect(body).toContain('openpersonalize_requests_total{operation="ListRecipes",code="Success"} 1');
    expect(body).toContain('openpersonalize_requests_total{operation="Unknown",code="UnknownOperationException"} 1');
    expect(body).toContain('openpersonalize_request_duration_seconds_count{operation="ListRecipes"} 1');
    expect(body).toContain('openpersonalize_deployment_bytes{campaign="arn:c"} 1234');
    expect(body).toContain('openpersonalize_view_bytes{view="exploration",resource="arn:c"} 345');
    expect(body).toContain('openpersonalize_live_history_bytes{dataset="arn:d"} 567');
    expect(body).toContain('openpersonalize_exploration_candidates{campaign="arn:c"} 89');
    expect(body).toContain('openpersonalize_job_progress{kind="solution-version",resource="arn:v"} 0.25');
    const ofTheTraining = (gauge: string) => body.match(new RegExp(`^openpersonalize_${gauge}{.*} .*$`, 'gm'));
    const labels = '{kind="solution-version",resource="arn:v"}';
    for (const [gauge, value] of [
      ['job_remaining_seconds', 90],
      ['training_epoch', 2.5],
      ['training_loss', 4.5],
      ['training_validation_ndcg', 0.125],
    ]) {
      expect(ofTheTraining(`${gauge}`)).toEqual([`openpersonalize_${gauge}${labels} ${value}`]);
    }
    expect(body).not.toContain('made-up');
  });
});
