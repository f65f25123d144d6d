"""Next best actions with an unmodified boto3, on generated people who like one kind of action each.

usage: next-best-action.py ENDPOINT BUCKETS_FOLDER

Ends with code 0 if everything was as AWS has it, and prints what a later request can be compared to as JSON.
"""
import csv
import json
import pathlib
import random
import sys
import time

from steps import clients, role, soon, wait

endpoint, buckets = sys.argv[1:]
personalize, runtime, events = clients(endpoint)
now = int(time.time())
day = 86400
random.seed(7)
users, kinds = 200, ('Loyalty', 'Download')
actions = [f'{kind.lower()}-{n}' for kind in kinds for n in range(3)]


def dataset(kind, columns, rows):
    fields = [dict(name=name, type=type, **more) for name, type, more in columns]
    name = kind.replace('_', '')
    schema = dict(type='record', name=name, namespace='com.amazonaws.personalize.schema', fields=fields, version='1.0')
    schema_arn = personalize.create_schema(name=f'actions-{name}', schema=json.dumps(schema))['schemaArn']
    arn = personalize.create_dataset(
        name=f'actions-{name}', schemaArn=schema_arn, datasetGroupArn=group, datasetType=kind)['datasetArn']
    described = wait(personalize.describe_dataset, 'dataset', datasetArn=arn)
    path = pathlib.Path(buckets) / 'actions' / f'{name}.csv'
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='') as file:
        csv.writer(file).writerows([[column for column, _, _ in columns], *rows])
    job = personalize.create_dataset_import_job(
        jobName=f'actions-{name}', datasetArn=arn, roleArn=role, importMode='FULL',
        dataSource=dict(dataLocation=f's3://actions/{name}.csv'))['datasetImportJobArn']
    wait(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=job)
    return described


def recommended(user, count=10, **more):
    answer = runtime.get_action_recommendations(campaignArn=campaign, userId=user, numResults=count, **more)
    assert answer['recommendationId'], answer
    return {each['actionId']: each['score'] for each in answer['actionList']}


group = personalize.create_dataset_group(name='actions')['datasetGroupArn']
wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=group)
text, long, category = 'string', 'long', dict(categorical=True)
user_id, time_column = ('USER_ID', text, {}), ('TIMESTAMP', long, {})

# Users of even numbers have items of even numbers, and take actions of the first kind.
dataset('Interactions', [user_id, ('ITEM_ID', text, {}), time_column], [
    [f'u{user}', f'i{2 * random.randrange(10) + user % 2}', now - random.randrange(60 * day)]
    for user in range(users) for _ in range(12)])
dataset('Actions', [
    ('ACTION_ID', text, {}), ('KIND', text, category), ('VALUE', ['null', long], {}),
    ('EXPIRATION_TIMESTAMP', ['null', long], {}), ('REPEAT_FREQUENCY', ['null', long], {}),
], [
    *[[action, kinds[n // 3], 1 + n, now + 100 * day, 1 if action == 'loyalty-0' else ''] for n, action in enumerate(actions)],
    ['expired', kinds[0], 10, now - day, ''],
])
rows = []
for user in range(users):
    for n, action in enumerate(actions):
        for back in range(3):
            shown = now - (5 + 12 * back) * day - random.randrange(day)
            likes = (n < 3) == (user % 2 == 0)
            answer = 'Taken' if random.random() < (0.7 if likes else 0.1) else 'Not Taken'
            rows += [[f'u{user}', action, 'Viewed', shown], [f'u{user}', action, answer, shown + 60]]
columns = [user_id, ('ACTION_ID', text, {}), ('EVENT_TYPE', text, {}), time_column]
tracking = dataset('Action_Interactions', columns, rows)['trackingId']

recipe = 'arn:aws:personalize:::recipe/aws-next-best-action'
assert personalize.describe_recipe(recipeArn=recipe)['recipe']['recipeType'] == 'PERSONALIZED_ACTIONS'
solution = personalize.create_solution(
    name='actions', datasetGroupArn=group, recipeArn=recipe, performAutoTraining=False,
    solutionConfig=dict(featureTransformationParameters={'action_optimization_period': '7'}))['solutionArn']
wait(personalize.describe_solution, 'solution', solutionArn=solution)
version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=version)
metrics = personalize.get_solution_metrics(solutionVersionArn=version)['metrics']
assert sorted(metrics) == [
    'area_under_curve', 'coverage', *(f'normalized_discounted_cumulative_gain_at_{k}' for k in (10, 25, 5)),
    'precision', 'recall'], metrics
assert metrics['area_under_curve'] > 0.75, metrics
campaign = personalize.create_campaign(
    name='actions', solutionVersionArn=version, minProvisionedTPS=1)['campaignArn']
wait(personalize.describe_campaign, 'campaign', campaignArn=campaign)

for user, kind in (('u0', 'loyalty'), ('u1', 'download')):
    scores = recommended(user)
    assert sorted(scores) == sorted(actions), scores
    best = list(scores)[:3]
    assert all(action.startswith(kind) and 0.5 < scores[action] < 0.9 for action in best), scores
    assert all(0 < scores[action] < 0.3 for action in list(scores)[3:]), scores
assert len(recommended('u0', count=2)) == 2

# What a user had to do with lately does not come again; a new action comes at once, explored, with the score 0.
assert 'loyalty-0' in recommended('u2')
events.put_action_interactions(trackingId=tracking, actionInteractions=[dict(
    actionId='loyalty-0', userId='u2', sessionId='s2', eventType='Viewed', timestamp=time.time())])


def left_out():
    assert 'loyalty-0' not in recommended('u2')


soon(left_out)
assert 'loyalty-0' in recommended('u0')
events.put_actions(
    datasetArn=group.replace(':dataset-group/', ':dataset/') + '/ACTIONS',
    actions=[dict(actionId='new', properties=json.dumps(dict(kind='Loyalty', value=5)))])


def brought():
    assert recommended('u0').get('new') == 0.0, recommended('u0')


soon(brought)
print(json.dumps(dict(campaignArn=campaign, actions=sorted(recommended('u2')), scores=recommended('u0'))))
