"""Next best action with an unmodified boto3, on generated data of a shop whose users have two tastes.

usage: actions.py ENDPOINT BUCKETS_FOLDER

Ends with code 0 if everything was as AWS has it, and prints the ARN of the campaign and what `sleepy` is recommended.
"""
import csv
import json
import pathlib
import random
import sys
import time

from steps import clients, equal, role, soon, wait

endpoint, buckets = sys.argv[1:]
personalize, runtime, events = clients(endpoint)
recipe = 'arn:aws:personalize:::recipe/aws-next-best-action'
now = int(time.time())
day = 86400
random.seed(7)


def refused(call, *words):
    try:
        answer = call()
    except (personalize.exceptions.ClientError, runtime.exceptions.ClientError) as error:
        assert all(word in str(error) for word in words), error
        return
    raise AssertionError(f'{answer} was not refused for {words}')


def dataset(kind, record, columns, rows):
    fields = [dict(name=name, type=type, **more) for name, type, more in columns]
    schema = dict(type='record', name=record, namespace='com.amazonaws.personalize.schema', fields=fields, version='1.0')
    schema_arn = personalize.create_schema(name=f'actions-{kind}', schema=json.dumps(schema))['schemaArn']
    arn = personalize.create_dataset(
        name=f'actions-{kind}', schemaArn=schema_arn, datasetGroupArn=group, datasetType=kind)['datasetArn']
    imported(arn, kind, columns, rows)
    return arn


def imported(arn, name, columns, rows, ends=('ACTIVE',), mode='FULL'):
    path = pathlib.Path(buckets) / 'actions' / f'{name}.csv'
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='') as file:
        csv.writer(file).writerows([[column for column, _, _ in columns], *rows])
    job = personalize.create_dataset_import_job(
        jobName=f'actions-{name}', datasetArn=arn, roleArn=role, importMode=mode,
        dataSource=dict(dataLocation=f's3://actions/{name}.csv'))['datasetImportJobArn']
    return wait(personalize.describe_dataset_import_job, 'datasetImportJob', ends, datasetImportJobArn=job)


text, long, category = 'string', 'long', dict(categorical=True)
maybe_long = ['null', 'long']
users = [f'u{n}' for n in range(400)]
tastes = {user: 'coffee' if n % 2 else 'tea' for n, user in enumerate(users)}
interactions = [
    [user, f'{tastes[user]}-{random.randrange(20)}', 'view', now - random.randrange(30 * day)]
    for user in users for _ in range(6)]

# Each user was shown each action; those about the user's taste were taken by most. `old` has expired since.
chances = {'coffee-club': ('coffee', 0.85, 0.1), 'tea-club': ('tea', 0.85, 0.1), 'app': (None, 0.4, 0.4),
           'newsletter': (None, 0.2, 0.2), 'weekly': (None, 0.5, 0.5), 'old': (None, 0.95, 0.95)}
shown = []
for user in users:
    for action, (taste, alike, other) in chances.items():
        chance = alike if tastes[user] == taste else other
        moment = now - day - random.randrange(30 * day)
        shown.append([user, action, 'Viewed', moment])
        shown.append([user, action, 'Taken' if random.random() < chance else 'Not Taken', moment + 60])

group = personalize.create_dataset_group(name='actions')['datasetGroupArn']
wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=group)
dataset('Interactions', 'Interactions',
        [('USER_ID', text, {}), ('ITEM_ID', text, {}), ('EVENT_TYPE', text, {}), ('TIMESTAMP', long, {})], interactions)
dataset('Users', 'Users', [('USER_ID', text, {}), ('TASTE', text, category)],
        [[user, taste] for user, taste in tastes.items()])
dataset('Items', 'Items', [('ITEM_ID', text, {}), ('KIND', text, category)],
        [[f'{taste}-{n}', taste] for taste in ('coffee', 'tea') for n in range(20)])

# A version without a dataset of actions says what is missing.
solution = personalize.create_solution(
    name='actions', datasetGroupArn=group, recipeArn=recipe, performAutoTraining=False,
    solutionConfig=dict(featureTransformationParameters={'action_optimization_period': '14'}))['solutionArn']
wait(personalize.describe_solution, 'solution', solutionArn=solution)
version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
failed = wait(personalize.describe_solution_version, 'solutionVersion', ('CREATE FAILED',), solutionVersionArn=version)
assert 'has no Actions dataset' in failed['failureReason'], failed

action_columns = [
    ('ACTION_ID', text, {}), ('KIND', text, category), ('VALUE', maybe_long, {}), ('REPEAT_FREQUENCY', maybe_long, {}),
    ('EXPIRATION_TIMESTAMP', maybe_long, {}), ('CREATION_TIMESTAMP', maybe_long, {})]
long_ago = now - 90 * day
actions = [
    ['coffee-club', 'club', 5, '', '', long_ago], ['tea-club', 'club', 5, '', '', long_ago],
    ['app', 'app', 10, '', now + day, long_ago], ['newsletter', 'mail', 1, '', '', long_ago],
    ['weekly', 'mail', '', 7, '', long_ago], ['old', 'mail', 10, '', now - 60, long_ago]]
actions_arn = dataset('Actions', 'Actions', action_columns, actions)
event_columns = [('USER_ID', text, {}), ('ACTION_ID', text, {}), ('EVENT_TYPE', text, {}), ('TIMESTAMP', long, {})]
events_arn = dataset('Action_Interactions', 'ActionInteractions', event_columns, shown)
described = personalize.describe_dataset(datasetArn=events_arn)['dataset']
equal(described['datasetType'], 'ACTION_INTERACTIONS')
tracking = described['trackingId']
wrong = imported(actions_arn, 'wrong', action_columns, [['x', 'club', 11, '', '', '']], ('CREATE FAILED',), 'INCREMENTAL')
assert 'it must be from 1 to 10' in wrong['failureReason'], wrong

version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=version)
metrics = personalize.get_solution_metrics(solutionVersionArn=version)['metrics']
assert 0 < metrics['coverage'] <= 1 and all(0 <= value <= 1 for value in metrics.values()), metrics
campaign = personalize.create_campaign(name='actions', solutionVersionArn=version, minProvisionedTPS=1)['campaignArn']
wait(personalize.describe_campaign, 'campaign', campaignArn=campaign)


def asked(user, **request):
    answer = runtime.get_action_recommendations(campaignArn=campaign, userId=user, **request)
    assert answer['recommendationId'].startswith('RID-'), answer
    return {action['actionId']: action['score'] for action in answer['actionList']}


def put_action(action, **properties):
    events.put_actions(datasetArn=actions_arn, actions=[dict(actionId=action, properties=json.dumps(properties))])


def put_event(user, action, event_type, **more):
    events.put_action_interactions(trackingId=tracking, actionInteractions=[dict(
        userId=user, sessionId=f's-{user}', actionId=action, eventType=event_type, timestamp=int(time.time()), **more)])


def filter_of(name, expression):
    arn = personalize.create_filter(name=name, datasetGroupArn=group, filterExpression=expression)['filterArn']
    wait(personalize.describe_filter, 'filter', filterArn=arn)
    return arn


# Users are shown what people of their taste take. `weekly` was had in the last seven days by some, `old` has expired.
for user, first, last in (('u1', 'coffee-club', 'tea-club'), ('u2', 'tea-club', 'coffee-club')):
    scores = asked(user, numResults=100)
    assert 'old' not in scores, scores
    assert all(0 <= score <= 1 for score in scores.values()), scores
    assert scores[first] > 0.6 and scores[last] < 0.4, (user, scores)
    equal(next(iter(scores)), first)
assert len(asked('u1')) <= 5, asked('u1')

# What is streamed counts in the next request.
asked('sleepy')
put_event('sleepy', 'weekly', 'Viewed')
put_event('sleepy', 'app', 'NOT_TAKEN', properties='{}', impression=['app', 'weekly'], eventId='e1')
assert 'weekly' not in asked('sleepy', numResults=100), asked('sleepy', numResults=100)
assert 'weekly' in asked('somebody new', numResults=100)
put_action('newsletter', kind='mail', value=1, creationTimestamp=long_ago, actionExpirationTimestamp=now - 1)
assert 'newsletter' not in asked('u1', numResults=100)
put_action('newsletter', kind='mail', value=1, creationTimestamp=long_ago, expirationTimestamp=str(now + day))
assert 'newsletter' in asked('u1', numResults=100)
put_action('fresh', kind='fresh', value=3, creationTimestamp=int(time.time()))
soon(lambda: equal(asked('u1', numResults=100).get('fresh'), 0.0))

# Filters of actions.
clubs = filter_of('clubs', 'INCLUDE ActionID WHERE Actions.KIND IN ($KIND)')
soon(lambda: equal(set(asked('u1', filterArn=clubs, filterValues={'KIND': '"club"'})), {'coffee-club', 'tea-club'}))
untaken = filter_of('untaken', 'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("taken", "not taken")')
soon(lambda: equal('app' in asked('sleepy', filterArn=untaken, numResults=100), False))
assert 'tea-club' in asked('sleepy', filterArn=untaken, numResults=100)
put_event('sleepy', 'tea-club', 'Not_Taken')
assert 'tea-club' not in asked('sleepy', filterArn=untaken, numResults=100)
for_tea = filter_of('tea', 'INCLUDE ActionID WHERE Actions.VALUE >= 5 IF CurrentUser.TASTE = "tea"')
assert 'newsletter' not in asked('u2', filterArn=for_tea, numResults=100)
assert 'newsletter' in asked('u1', filterArn=for_tea, numResults=100)

# What is imported counts as well, some seconds after the job.
imported(actions_arn, 'more', action_columns, [['late', 'club', 4, '', '', long_ago]], mode='INCREMENTAL')
soon(lambda: equal('late' in asked('u1', filterArn=clubs, filterValues={'KIND': '"club"'}), True))
moment = now - 2 * day
imported(events_arn, 'more-events', event_columns,
         [[user, 'late', 'Taken', moment] for user in ('sleepy', *users)], mode='INCREMENTAL')
soon(lambda: equal('late' in asked('sleepy', filterArn=untaken, numResults=100), False))
assert 'late' in asked('somebody new', filterArn=untaken, numResults=100)

# More than the thousand actions that the service considers.
for n in range(0, 1000, 10):
    events.put_actions(datasetArn=actions_arn, actions=[
        dict(actionId=f'many-{n + k}', properties=json.dumps(dict(kind='many', creationTimestamp=long_ago)))
        for k in range(10)])
assert len(asked('u1', numResults=100)) == 100, asked('u1', numResults=100)
equal(set(asked('u1', filterArn=clubs, filterValues={'KIND': '"club"'})), {'coffee-club', 'tea-club', 'late'})

# Mistakes.
refused(lambda: runtime.get_recommendations(campaignArn=campaign, userId='u1'), 'InvalidInput', 'does not apply')
refused(lambda: runtime.get_action_recommendations(campaignArn=campaign), 'InvalidInput', 'userId')
refused(lambda: asked('u1', numResults=101), 'InvalidInput', '100')
refused(lambda: runtime.get_action_recommendations(campaignArn=campaign + '-none', userId='u1'), 'ResourceNotFound')
refused(lambda: asked('u1', filterArn=clubs), 'InvalidInput', 'KIND')
refused(lambda: put_action('x', value=11), 'InvalidInput', 'from 1 to 10')
refused(lambda: put_action('x', repeatFrequency=31), 'InvalidInput', 'from 0 to 30')
refused(lambda: events.put_actions(datasetArn=events_arn, actions=[dict(actionId='x')]), 'InvalidInput', 'of type ACTIONS')
refused(lambda: events.put_action_interactions(trackingId='made-up', actionInteractions=[dict(
    actionId='app', sessionId='s', eventType='Taken', timestamp=now)]), 'InvalidInput', 'trackingId')
refused(lambda: filter_of('days', 'EXCLUDE ActionID WHERE Actions.REPEAT_FREQUENCY > 3'), 'InvalidInput')
refused(lambda: filter_of('star', 'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("*")'), 'InvalidInput')

print(json.dumps(dict(campaignArn=campaign, untakenArn=untaken, actions=sorted(
    asked('sleepy', filterArn=clubs, filterValues={'KIND': '"club","app","mail"'}, numResults=100)))))
