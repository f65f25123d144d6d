"""Trending items with an unmodified boto3, on generated interactions of the last day.

usage: trending.py ENDPOINT BUCKETS_FOLDER

Ends with code 0 if everything was as AWS has it, and prints the ARN of the campaign and what trends in the end.
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
now = int(time.time())
interval = 7200
random.seed(7)


def dataset(kind, columns, rows):
    fields = [dict(name=name, type=type, **more) for name, type, more in columns]
    schema = dict(type='record', name=kind, namespace='com.amazonaws.personalize.schema', fields=fields, version='1.0')
    schema_arn = personalize.create_schema(name=f'trends-{kind}', schema=json.dumps(schema))['schemaArn']
    arn = personalize.create_dataset(
        name=f'trends-{kind}', schemaArn=schema_arn, datasetGroupArn=group, datasetType=kind)['datasetArn']
    wait(personalize.describe_dataset, 'dataset', datasetArn=arn)
    path = pathlib.Path(buckets) / 'trends' / f'{kind}.csv'
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='') as file:
        csv.writer(file).writerows([[name for name, _, _ in columns], *rows])
    job = personalize.create_dataset_import_job(
        jobName=f'trends-{kind}', datasetArn=arn, roleArn=role, importMode='FULL',
        dataSource=dict(dataLocation=f's3://trends/{kind}.csv'))['datasetImportJobArn']
    wait(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=job)
    return arn


def happened(item, count, begin, end):
    """Interactions of random users at random moments, so many seconds ago."""
    return [[f'u{random.randrange(200)}', item, 'watch', now - random.randrange(end, begin)] for _ in range(count)]


# Ten items are steadily interacted with, the first ones most; one rises, one goes from 1 to 3, one is over.
interactions = [['u1', 'risen', 'watch', now - 60]]
for n in range(10):
    interactions += happened(f'steady-{n}', 200 - 10 * n, 86400, 2 * interval)
    for back in (2, 1):
        interactions += happened(f'steady-{n}', 60 - 4 * n, back * interval, (back - 1) * interval + 60)
interactions += happened('risen', 10, 2 * interval, interval) + happened('risen', 60, interval, 60)
interactions += happened('little', 1, 2 * interval, interval) + happened('little', 3, interval, 60)
interactions += happened('over', 60, 2 * interval, interval) + happened('over', 5, interval, 60)

group = personalize.create_dataset_group(name='trends')['datasetGroupArn']
wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=group)
text, long = 'string', 'long'
dataset('Interactions', [('USER_ID', text, {}), ('ITEM_ID', text, {}), ('EVENT_TYPE', text, {}),
                         ('TIMESTAMP', long, {})], interactions)
items = sorted({item for _, item, _, _ in interactions}) + ['new']
items_arn = dataset('Items', [('ITEM_ID', text, {}), ('GENRE', text, dict(categorical=True))],
                    [[item, 'steady' if item.startswith('steady') else 'other'] for item in items[:-1]])
solution = personalize.create_solution(
    name='trends', datasetGroupArn=group, recipeArn='arn:aws:personalize:::recipe/aws-trending-now',
    performAutoTraining=False,
    solutionConfig=dict(featureTransformationParameters={'trend_discovery_frequency': '2 hours'}))['solutionArn']
wait(personalize.describe_solution, 'solution', solutionArn=solution)
version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=version)
metrics = personalize.get_solution_metrics(solutionVersionArn=version)['metrics']
equal(sorted(metrics), ['coverage', 'trend_prediction_accuracy'])
assert 0 <= metrics['trend_prediction_accuracy'] <= 1 and 0 < metrics['coverage'] <= 1, metrics
campaign = personalize.create_campaign(
    name='trends', solutionVersionArn=version, minProvisionedTPS=1,
    campaignConfig=dict(enableMetadataWithRecommendations=True))['campaignArn']
wait(personalize.describe_campaign, 'campaign', campaignArn=campaign)
tracker = personalize.create_event_tracker(name='trends', datasetGroupArn=group)
wait(personalize.describe_event_tracker, 'eventTracker', eventTrackerArn=tracker['eventTrackerArn'])


def asked(**request):
    return runtime.get_recommendations(campaignArn=campaign, **request)['itemList']


def ids(**request):
    return [item['itemId'] for item in asked(**request)]


def put(item, count):
    for n in range(count):
        events.put_events(
            trackingId=tracker['trackingId'], sessionId=f'{item}-{n}', userId=f'u{n}',
            eventList=[dict(eventType='watch', itemId=item, sentAt=int(time.time()))])


listed = ids()
equal(listed[0], 'risen')
equal(listed[1:4], ['steady-0', 'steady-1', 'steady-2'])
equal(set(listed), set(items[:-1]))
assert listed.index('little') >= 11, listed
assert all('score' not in item for item in asked()), asked()

# What nobody had before the training trends soon after a burst; that is seen with its metadata, and by filters.
put('new', 40)
put('little', 1)
events.put_items(datasetArn=items_arn, items=[dict(itemId='new', properties=json.dumps(dict(genre='fresh')))])
soon(lambda: equal(ids(numResults=2), ['new', 'risen']))
soon(lambda: equal(asked(numResults=1, metadataColumns=dict(ITEMS=['GENRE']))[0]['metadata'], dict(genre='fresh')))


def filter_of(name, expression):
    arn = personalize.create_filter(name=name, datasetGroupArn=group, filterExpression=expression)['filterArn']
    wait(personalize.describe_filter, 'filter', filterArn=arn)
    return arn


others = filter_of('others', 'EXCLUDE ItemID WHERE Items.GENRE IN ("steady", "fresh")')
soon(lambda: equal(set(ids(filterArn=others)), {'risen', 'little', 'over'}))
equal(ids(filterArn=others)[0], 'risen')
watched = filter_of('watched', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")')
soon(lambda: equal('new' in ids(filterArn=watched, userId='u3'), False))
equal(ids(filterArn=watched, userId='nobody')[:2], ['new', 'risen'])
try:
    ids(filterArn=watched)
    raise AssertionError('A filter about the user needs a userId.')
except runtime.exceptions.InvalidInputException as error:
    assert 'userId' in str(error), error
steady = filter_of('steady', 'INCLUDE ItemID WHERE Items.GENRE IN ("steady")')
promoted = ids(numResults=4, promotions=[dict(name='shelf', percentPromotedItems=50, filterArn=steady)])
equal(sorted(promoted), sorted(['new', 'risen', *[item for item in promoted if item.startswith('steady')]]))

print(json.dumps(dict(campaignArn=campaign, items=ids())))
