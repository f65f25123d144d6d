"""Exports, new columns and INCREMENTAL imports with an unmodified boto3.

usage: export.py ENDPOINT BUCKETS_FOLDER

Ends with code 0 if everything was as AWS has it.
"""
import csv
import json
import pathlib
import sys
import time

from botocore.exceptions import ClientError

from steps import clients, equal, role, wait

endpoint, buckets = sys.argv[1:]
personalize, runtime, events = clients(endpoint)
bucket = pathlib.Path(buckets) / 'exports'
bucket.mkdir(parents=True)
now = int(time.time())
text, number = 'string', ['null', 'int']


def schema_of(kind, columns, name):
    fields = [dict(name=column, type=type, **more) for column, type, more in columns]
    schema = dict(type='record', name=kind, namespace='com.amazonaws.personalize.schema', fields=fields, version='1.0')
    return personalize.create_schema(name=name, schema=json.dumps(schema))['schemaArn']


def dataset(kind, columns, group):
    name = f'{group.split("/")[-1]}-{kind}'
    arn = personalize.create_dataset(
        name=name, schemaArn=schema_of(kind, columns, name), datasetGroupArn=group, datasetType=kind)['datasetArn']
    wait(personalize.describe_dataset, 'dataset', datasetArn=arn)
    return arn


def new_group(name):
    arn = personalize.create_dataset_group(name=name)['datasetGroupArn']
    wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=arn)
    return arn


def write(name, rows):
    path = bucket / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='') as file:
        csv.writer(file, lineterminator='\n').writerows(rows)


def load(job, arn, location, mode='FULL', ends=('ACTIVE',)):
    job = personalize.create_dataset_import_job(
        jobName=job, datasetArn=arn, roleArn=role, importMode=mode,
        dataSource=dict(dataLocation=f's3://exports/{location}'))['datasetImportJobArn']
    return wait(personalize.describe_dataset_import_job, 'datasetImportJob', ends, datasetImportJobArn=job)


def export(job, arn, folder, ends=('ACTIVE',), **more):
    job = personalize.create_dataset_export_job(
        jobName=job, datasetArn=arn, roleArn=role,
        jobOutput=dict(s3DataDestination=dict(path=f's3://exports/{folder}')), **more)['datasetExportJobArn']
    return wait(personalize.describe_dataset_export_job, 'datasetExportJob', ends, datasetExportJobArn=job)


def rows(folder):
    """What lies in a folder: every file has the header, and records go on from one file to the next."""
    found, header = [], None
    for path in sorted((bucket / folder).glob('*.csv')):
        with open(path, newline='', encoding='utf-8') as file:
            first, *records = csv.reader(file)
        header = header or first
        equal(first, header)
        found += records
    return [header, *found]


def refused(code, part, call, **input):
    try:
        call(**input)
    except ClientError as error:
        equal(error.response['Error']['Code'], code)
        assert part in error.response['Error']['Message'], error
        return
    raise AssertionError(f'{call} was not refused')


group = new_group('first')
columns = [('ITEM_ID', text, {}), ('GENRES', ['null', text], dict(categorical=True)), ('YEAR', number, {}),
           ('ABOUT', ['null', text], dict(textual=True))]
header = [name for name, _, _ in columns]
items = dataset('Items', columns, group)
event_columns = [
    ('USER_ID', text, {}), ('ITEM_ID', text, {}), ('TIMESTAMP', 'long', {}), ('EVENT_TYPE', text, {}),
    ('IMPRESSION', ['null', text], {}), ('EVENT_VALUE', ['null', 'float'], {})]
interactions = dataset('Interactions', event_columns, group)

# An empty dataset has a header alone.
export('empty', items, 'empty', ingestionMode='ALL')
equal(rows('empty'), [header])

# The first import has to be FULL; one that is INCREMENTAL adds, and a known id gets the newer record.
refused('InvalidInputException', 'FULL', load, job='too-early', arn=items, location='items.csv', mode='INCREMENTAL')
bulk = [['a', 'noir|crime', '1941', 'He said "no", twice'], ['b', '', '', ''], ['c', 'x', '1', 'C:\\ and, more']]
write('items.csv', [header, *bulk, bulk[0]])
equal(load('items', items, 'items.csv')['importMode'], 'FULL')
added = [['b', 'drama', '2000', ' blanks '], ['d', '', '-5', '']]
write('more.csv', [header, *added])
equal(load('more', items, 'more.csv', 'INCREMENTAL')['importMode'], 'INCREMENTAL')
single = dict(genres='western', year=1956, about='two\nlines, one "item"')
events.put_items(datasetArn=items, items=[
    dict(itemId='c', properties=json.dumps(single)), dict(itemId='e', properties=json.dumps(dict(year=7)))])
singles = [['c', 'western', '1956', 'two\nlines, one "item"'], ['e', '', '7', '']]

# PUT is the default. Other versions of an item are all there, but with ALL, and equal rows once.
described = export('put', items, 'put')
equal(described['ingestionMode'], 'PUT')
equal(described['datasetArn'], items)
equal(described['jobOutput'], dict(s3DataDestination=dict(path='s3://exports/put')))
equal(rows('put'), [header, *singles])
export('bulk', items, 'bulk/', ingestionMode='BULK')
equal(rows('bulk'), [header, *bulk, *added])
export('all', items, 'all/', ingestionMode='ALL')
equal(rows('all'), [header, bulk[0], *added, *singles])
assert (bucket / 'all' / 'items-all-00001.csv').is_file()

# What was exported is imported by another dataset, which exports the same.
second = new_group('second')
copy = dataset('Items', columns, second)
load('copy', copy, 'bulk/')
export('copied', copy, 'copied/', ingestionMode='BULK')
equal((bucket / 'copied/items-bulk-00001.csv').read_bytes(), (bucket / 'bulk/items-bulk-00001.csv').read_bytes())

# Interactions are all there, those that agree in every field once.
happened = [[f'u{n % 7}', f'i{n % 5}', str(now - n), 'watch', 'i1|i2' if n % 2 else '', '0.1' if n % 3 else '']
            for n in range(1200)]
write('events.csv', [[name for name, _, _ in event_columns], *happened, *happened[:50]])
load('events', interactions, 'events.csv')
tracker = personalize.create_event_tracker(name='events', datasetGroupArn=group)['trackingId']
for session, user in [('s1', 'u1'), ('s2', None), ('s2', 'u9')]:
    events.put_events(trackingId=tracker, sessionId=session, **(dict(userId=user) if user else {}), eventList=[
        dict(eventType='click', itemId='i1', sentAt=now, impression=['i1', 'i"2'], eventValue=1.5)])
export('events', interactions, 'events/', ingestionMode='ALL')
put = [[user, 'i1', str(now), 'click', 'i1|i"2', '1.5'] for user in ('u1', 'u9')]
equal(sorted(rows('events')[1:]), sorted([*happened, *put]))

# A schema may get columns that can be null, and nothing else; older records have null there.
narrower = schema_of('Items', columns[:3], 'narrower')
refused('InvalidInputException', 'ABOUT', personalize.update_dataset, datasetArn=items, schemaArn=narrower)
other = schema_of('Items', [columns[0], columns[1], ('YEAR', ['null', 'long'], {}), columns[3]], 'other')
refused('InvalidInputException', 'YEAR', personalize.update_dataset, datasetArn=items, schemaArn=other)
demanding = schema_of('Items', [*columns, ('PRICE', 'float', {})], 'demanding')
refused('InvalidInputException', 'PRICE', personalize.update_dataset, datasetArn=items, schemaArn=demanding)
more_of_events = schema_of('Interactions', [*event_columns, ('DEVICE', ['null', text], {})], 'more-of-events')
refused('InvalidInputException', 'Only the schema of an Items, Users', personalize.update_dataset,
        datasetArn=interactions, schemaArn=more_of_events)
refused('ResourceNotFoundException', 'schema/none', personalize.update_dataset,
        datasetArn=items, schemaArn=narrower.replace('narrower', 'none'))
wider = schema_of('Items', [('PRICE', ['null', 'double'], {}), *columns], 'wider')
equal(personalize.update_dataset(datasetArn=items, schemaArn=wider)['datasetArn'], items)
updated = wait(personalize.describe_dataset, 'dataset', datasetArn=items)
equal(updated['schemaArn'], wider)
equal(updated['latestDatasetUpdate']['schemaArn'], wider)
equal(updated['latestDatasetUpdate']['status'], 'ACTIVE')
refused('ResourceInUseException', 'wider', personalize.delete_schema, schemaArn=wider)
write('wide.csv', [['PRICE', *header], ['0.1', 'f', 'new', '3', '']])
load('wide', items, 'wide.csv', 'INCREMENTAL')
failed = load('narrow', items, 'more.csv', 'INCREMENTAL', ends=('CREATE FAILED',))
assert 'Input CSV is missing the following columns:[PRICE]' in failed['failureReason'], failed
events.put_items(datasetArn=items, items=[dict(itemId='g', properties=json.dumps(dict(price=2.5)))])
export('wide', items, 'wide/', ingestionMode='ALL')
equal(rows('wide'), [['PRICE', *header], *[['', *row] for row in [bulk[0], *added, *singles]],
                     ['0.1', 'f', 'new', '3', ''], ['2.5', 'g', '', '', '']])

# A filter may name the new column.
cheap = personalize.create_filter(
    name='cheap', datasetGroupArn=group,
    filterExpression='INCLUDE ItemID WHERE Items.PRICE < 3')['filterArn']
wait(personalize.describe_filter, 'filter', filterArn=cheap)

# A FULL import replaces what imports have brought, and leaves single records.
write('less.csv', [['PRICE', *header], ['1.0', 'z', '', '', '']])
load('less', items, 'less.csv')
export('less', items, 'less/', ingestionMode='ALL')
equal([row[1] for row in rows('less')[1:]], ['c', 'e', 'g', 'z'])

# Refusals, failures, lists, tags.
output = dict(s3DataDestination=dict(path='s3://exports/x/'))
refused('ResourceAlreadyExistsException', 'already exists', export, job='all', arn=items, folder='x/')
refused('ResourceNotFoundException', 'USERS', export, job='x', arn=items.replace('ITEMS', 'USERS'), folder='x/')
refused('InvalidInputException', 'Invalid S3 output path', personalize.create_dataset_export_job, jobName='x',
        datasetArn=items, roleArn=role, jobOutput=dict(s3DataDestination=dict(path='s3://exports')))
actions = dataset('Actions', [('ACTION_ID', text, {}), ('VALUE', ['null', 'long'], {})], group)
refused('InvalidInputException', 'Actions', export, job='x', arn=actions, folder='x/')
nowhere = personalize.create_dataset_export_job(
    jobName='nowhere', datasetArn=items, roleArn=role, tags=[dict(tagKey='team', tagValue='data')],
    jobOutput=dict(s3DataDestination=dict(path='s3://nowhere/x/')))['datasetExportJobArn']
failed = wait(personalize.describe_dataset_export_job, 'datasetExportJob', ('CREATE FAILED',),
              datasetExportJobArn=nowhere)
assert 'nowhere' in failed['failureReason'], failed
equal(personalize.list_tags_for_resource(resourceArn=nowhere)['tags'], [dict(tagKey='team', tagValue='data')])
pages = personalize.get_paginator('list_dataset_export_jobs').paginate(
    datasetArn=items, PaginationConfig=dict(PageSize=2))
equal(sorted(job['jobName'] for page in pages for job in page['datasetExportJobs']),
      ['all', 'bulk', 'empty', 'less', 'nowhere', 'put', 'wide'])
print('done')
