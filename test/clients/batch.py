"""Batch inference jobs with an unmodified boto3: files in, files out, and what is refused.

usage: batch.py ENDPOINT BUCKETS_FOLDER
"""
import json
import pathlib
import sys
import time

from steps import clients, equal, role, wait

endpoint, buckets = sys.argv[1:]
personalize, runtime, events = clients(endpoint)
bucket = pathlib.Path(buckets, 'films')
(bucket / 'in').mkdir(parents=True)

films = [f'{kind}{n}' for kind in 'ab' for n in range(20)]
users = [f'u{kind}{n}' for kind in 'ab' for n in range(30)]
rows = [f'{user},{user[1]}{(int(user[2:]) * 7 + step * 3) % 20},{1_700_000_000 + step * 60}'
        for user in users for step in range(20)]
(bucket / 'interactions.csv').write_text('USER_ID,ITEM_ID,TIMESTAMP\n' + '\n'.join(rows) + '\n')
(bucket / 'items.csv').write_text('ITEM_ID,TITLE,GENRE,PLOT\n' + ''.join(
    f'{film},Film {film},{"Drama" if film[0] == "a" else "Noir"},a film of {"love" if film[0] == "a" else "crime"} no {film[1:]}\n'
    for film in films))


def schema(name, fields):
    body = dict(type='record', name=name, namespace='com.amazonaws.personalize.schema', version='1.0', fields=fields)
    return personalize.create_schema(name=name, schema=json.dumps(body))['schemaArn']


group = personalize.create_dataset_group(name='films')['datasetGroupArn']
text = dict(type='string')
for name, fields in (
        ('Interactions', [dict(name='USER_ID', **text), dict(name='ITEM_ID', **text), dict(name='TIMESTAMP', type='long')]),
        ('Items', [dict(name='ITEM_ID', **text), dict(name='TITLE', itemName=True, **text),
                   dict(name='GENRE', type='string', categorical=True), dict(name='PLOT', type='string', textual=True)])):
    dataset = personalize.create_dataset(
        name=name, datasetType=name, datasetGroupArn=group, schemaArn=schema(name, fields))['datasetArn']
    job = personalize.create_dataset_import_job(
        jobName=name, datasetArn=dataset, roleArn=role,
        dataSource={'dataLocation': f's3://films/{name.lower()}.csv'})['datasetImportJobArn']
    wait(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=job)


def trained(recipe):
    solution = personalize.create_solution(
        name=recipe, datasetGroupArn=group, recipeArn=f'arn:aws:personalize:::recipe/{recipe}',
        performAutoTraining=False)['solutionArn']
    version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
    wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=version)
    return version


versions = {recipe: trained(recipe) for recipe in (
    'aws-user-personalization', 'aws-personalized-ranking', 'aws-similar-items', 'aws-sims', 'aws-popularity-count',
    'aws-semantic-similarity', 'aws-trending-now', 'aws-item-affinity')}


def lines_file(name, lines):
    path = bucket / 'in' / name
    path.write_text('\n'.join(line if isinstance(line, str) else json.dumps(line) for line in lines) + '\n')
    return f's3://films/in/{name}'


def create(name, recipe, path, **more):
    return personalize.create_batch_inference_job(**{**dict(
        jobName=name, solutionVersionArn=versions[recipe], roleArn=role, jobInput={'s3DataSource': {'path': path}},
        jobOutput={'s3DataDestination': {'path': f's3://films/out/{name}/'}}), **more})['batchInferenceJobArn']


def described(arn, *ends):
    return wait(personalize.describe_batch_inference_job, 'batchInferenceJob', ends or ('ACTIVE',),
                batchInferenceJobArn=arn)


def answers(name, recipe, lines, **more):
    """The output lines of a job over some lines."""
    described(create(name, recipe, lines_file(f'{name}.json', lines), **more))
    folder = bucket / 'out' / name
    equal(sorted(path.name for path in folder.iterdir()), ['_CHECK', f'{name}.json.out'])
    equal((folder / '_CHECK').read_bytes(), b'')
    content = (folder / f'{name}.json.out').read_text()
    assert content.endswith('\n'), content[-100:]
    parsed = [json.loads(line) for line in content.splitlines()]
    for line in parsed:
        equal(list(line), ['input', 'output', 'error'])
    return parsed


def refused(message, name, recipe, path='s3://films/in/lists.json', error='InvalidInputException', **more):
    try:
        create(name, recipe, path, **more)
    except getattr(personalize.exceptions, error) as problem:
        assert message in str(problem), problem
    else:
        raise AssertionError(f'{name} was not refused')


no_exploration = {'batchInferenceJobConfig': {'itemExplorationConfig': {'explorationWeight': '0'}}}

# The lists of a job are those that a campaign answers, in the order of the lines.
asked = [{'userId': user} for user in users] + [{'userId': 'a stranger'}, {'userId': users[0]}]
lists = answers('lists', 'aws-user-personalization', asked, numResults=10, **no_exploration)
equal([line['input'] for line in lists], asked)
campaign = personalize.create_campaign(
    name='films', solutionVersionArn=versions['aws-user-personalization'],
    campaignConfig={'itemExplorationConfig': {'explorationWeight': '0'}})['campaignArn']
wait(personalize.describe_campaign, 'campaign', campaignArn=campaign)
for line in lists:
    items = runtime.get_recommendations(campaignArn=campaign, numResults=10, **line['input'])['itemList']
    equal(line['output']['recommendedItems'], [item['itemId'] for item in items])
    equal(line['output']['scores'], [item['score'] for item in items])
    equal(line['error'], None)
equal(lists[0], lists[-1])

# A line that is wrong says so, and the others are answered.
wrong = answers('wrong', 'aws-user-personalization',
                ['{"userId": "ua1"}', '', 'no JSON', '{"itemId": "a1"}', '{"userId": ""}', '{"userId": 7}', '[]',
                 '{"userId": "ua1", "mark": 12345678901234567890}'], **no_exploration)
equal([line['error'] is None for line in wrong], [True, False, False, False, False, False, True])
equal([line['output'] is None for line in wrong], [False, True, True, True, True, True, False])
equal(wrong[1]['input'], 'no JSON')
assert 'lines for aws-user-personalization look like {"userId":"u7"}' in wrong[2]['error'], wrong[2]
equal(wrong[6]['input']['mark'], 12345678901234567890)
equal(wrong[6]['output'], wrong[0]['output'])

# Filters with values of each line.
genre = personalize.create_filter(
    name='genre', datasetGroupArn=group, filterExpression='INCLUDE ItemID WHERE Items.GENRE IN ($G)')['filterArn']
filtered = answers('filtered', 'aws-user-personalization', [
    {'userId': 'ua1', 'filterValues': {'G': '"Noir"'}}, {'userId': 'ua1', 'filterValues': {'G': '"Drama"'}},
    {'userId': 'ua1'}], filterArn=genre, **no_exploration)
equal({item[0] for item in filtered[0]['output']['recommendedItems']}, {'b'})
equal({item[0] for item in filtered[1]['output']['recommendedItems']}, {'a'})
assert filtered[2]['output'] is None and 'G' in filtered[2]['error'], filtered[2]

# Rankings and lists beside an item.
ranked = answers('ranked', 'aws-personalized-ranking', [{'userId': 'ua1', 'itemList': ['b1', 'a1', 'unknown']}])[0]
equal(ranked['output']['recommendedItems'], ['a1', 'b1', 'unknown'])
equal([score is None for score in ranked['output']['scores']], [False, False, True])
for recipe in ('aws-similar-items', 'aws-sims', 'aws-semantic-similarity'):
    beside = answers(recipe, recipe, [{'itemId': 'a1'}, {'itemId': 'unknown'}], numResults=5)
    equal(list(beside[0]['output']), ['recommendedItems'])
    equal([len(line['output']['recommendedItems']) for line in beside], [5, 5])
fresh = answers('influenced', 'aws-semantic-similarity', [{'itemId': 'a1'}], numResults=5,
                batchInferenceJobConfig={'rankingInfluence': {'POPULARITY': 1}})
equal(len(fresh[0]['output']['recommendedItems']), 5)
popular = answers('popular', 'aws-popularity-count', [{'userId': 'ua1'}, {'userId': 'ub1'}])
equal(popular[0]['output'], popular[1]['output'])
equal(list(popular[0]['output']), ['recommendedItems'])

# Events that come after the training count, and so do items that come before the job.
tracker = personalize.create_event_tracker(name='web', datasetGroupArn=group)['trackingId']
events.put_events(trackingId=tracker, userId='newcomer', sessionId='s', eventList=[
    {'eventType': 'watch', 'itemId': f'b{n}', 'sentAt': int(time.time())} for n in range(5)])
newcomer = answers('newcomer', 'aws-user-personalization', [{'userId': 'newcomer'}], numResults=5, **no_exploration)
equal({item[0] for item in newcomer[0]['output']['recommendedItems']}, {'b'})

# A path stands for every object whose key begins with it.
lines_file('part-1.json', [{'userId': 'ua1'}])
lines_file('part-2.json', [{'userId': 'ub1'}])
(bucket / 'in' / '_SUCCESS').write_text('')
described(create('parts', 'aws-user-personalization', 's3://films/in/part'))
equal(sorted(path.name for path in (bucket / 'out' / 'parts').iterdir()),
      ['_CHECK', 'part-1.json.out', 'part-2.json.out'])

# What is described and listed.
arn = create('described', 'aws-user-personalization', 's3://films/in/part-1.json', numResults=7, filterArn=genre)
job = described(arn, 'CREATE FAILED')
equal((job['jobName'], job['numResults'], job['filterArn'], job['roleArn'], job['batchInferenceJobMode']),
      ('described', 7, genre, role, 'BATCH_INFERENCE'))
equal(job['jobInput'], {'s3DataSource': {'path': 's3://films/in/part-1.json'}})
equal(job['jobOutput'], {'s3DataDestination': {'path': 's3://films/out/described/'}})
assert 'None of the 1 lines could be answered' in job['failureReason'], job
page = personalize.list_batch_inference_jobs(solutionVersionArn=versions['aws-sims'])['batchInferenceJobs']
equal([(summary['jobName'], summary['status']) for summary in page], [('aws-sims', 'ACTIVE')])
pages = personalize.get_paginator('list_batch_inference_jobs').paginate(PaginationConfig={'PageSize': 3})
assert arn in [summary['batchInferenceJobArn'] for page in pages for summary in page['batchInferenceJobs']]
personalize.tag_resource(resourceArn=arn, tags=[{'tagKey': 'team', 'tagValue': 'films'}])

# What is refused at once.
refused('already exists', 'lists', 'aws-user-personalization', error='ResourceAlreadyExistsException')
refused('Use CreateBatchSegmentJob instead', 'segments', 'aws-item-affinity')
refused('cannot use recipe aws-trending-now', 'trends', 'aws-trending-now')
refused('Invalid S3 input path', 'place', 'aws-sims', path='https://films/in/')
refused('numResults', 'many', 'aws-sims', numResults=501)
refused('', 'same', 'aws-sims', path='s3://films/in/', jobOutput={'s3DataDestination': {'path': 's3://films/in/'}})
refused('', 'mode', 'aws-sims', batchInferenceJobMode='THEME_GENERATION',
        themeGenerationConfig={'fieldsForThemeGeneration': {'itemName': 'PLOT'}})
for config in ({'itemExplorationConfig': {'explorationWeight': '0'}}, {'rankingInfluence': {'FRESHNESS': 1}}):
    refused('', 'config', 'aws-sims', batchInferenceJobConfig=config)

# What is seen once the job reads.
failed = described(create('missing', 'aws-sims', 's3://films/nothing-here'), 'CREATE FAILED')
assert failed['failureReason'].startswith('Invalid S3 input path.'), failed
failed = described(create('no-bucket', 'aws-sims', 's3://films/in/lists.json',
                          jobOutput={'s3DataDestination': {'path': 's3://no-such-bucket/out/'}}), 'CREATE FAILED')
assert failed['failureReason'].startswith('Invalid S3 output path.'), failed

# No more than five at a time; a version that a job uses stays.
many = lines_file('many.json', asked * 400)
limit = personalize.exceptions.LimitExceededException
started = []
try:
    for n in range(60):
        started.append(create(f'many-{n}', 'aws-user-personalization', many))
    raise AssertionError('Sixty jobs were taken at once.')
except limit as problem:
    assert 'More than 5 resources with PENDING or IN_PROGRESS status' in str(problem), problem
in_use = personalize.exceptions.ResourceInUseException
try:
    personalize.delete_solution(solutionArn=versions['aws-user-personalization'].rpartition('/')[0])
    raise AssertionError('The solution was deleted while jobs use its version.')
except in_use:
    pass
for arn in started:
    described(arn)
print('done')
