"""Segments of users with an unmodified boto3: recipes, batch segment jobs, filters of users, and what is refused.

usage: segments.py ENDPOINT DATASET_GROUP_ARN BUCKETS

The group has interactions and items of two tastes, and users with TIER and AGE. BUCKETS is the folder of the server's
buckets. Prints the metrics of each recipe as JSON.
"""
import json
import os
import sys

from steps import clients, equal, role, wait

endpoint, group, buckets = sys.argv[1:]
personalize = clients(endpoint)[0]
errors = personalize.exceptions
jobs = 0


def put(key, *lines):
    """Writes lines, each as it is or as JSON, and gives their address."""
    path = os.path.join(buckets, 'films', key)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.writelines(f'{line if isinstance(line, str) else json.dumps(line)}\n' for line in lines)
    return f's3://films/{key}'


def output(key):
    with open(os.path.join(buckets, 'films', key), encoding='utf-8') as file:
        return file.read()


def trained(recipe):
    solution = personalize.create_solution(
        name=recipe, datasetGroupArn=group, recipeArn=f'arn:aws:personalize:::recipe/{recipe}',
        performAutoTraining=False, solutionConfig={'algorithmHyperParameters': {'hidden_dimension': '32'}})
    version = personalize.create_solution_version(solutionArn=solution['solutionArn'])['solutionVersionArn']
    wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=version)
    return version


def start(version, path, **more):
    global jobs
    jobs += 1
    return personalize.create_batch_segment_job(
        jobName=f'segments-{jobs}', solutionVersionArn=version, roleArn=role,
        jobInput={'s3DataSource': {'path': path}},
        jobOutput={'s3DataDestination': {'path': f's3://films/out-{jobs}/'}}, **more)['batchSegmentJobArn']


def segments(version, *lines, **more):
    """The lines of a job's output."""
    path = put(f'in-{jobs}.json', *lines)
    job = start(version, path, **more)
    wait(personalize.describe_batch_segment_job, 'batchSegmentJob', batchSegmentJobArn=job)
    text = output(f'out-{jobs}/in-{jobs - 1}.json.out')
    equal(sorted(os.listdir(os.path.join(buckets, 'films', f'out-{jobs}'))), ['_CHECK', f'in-{jobs - 1}.json.out'])
    return [json.loads(line) for line in text.splitlines()]


def failed(version, path, **more):
    """Why a job fails."""
    job = start(version, path, **more)
    described = wait(
        personalize.describe_batch_segment_job, 'batchSegmentJob', ('CREATE FAILED',), batchSegmentJobArn=job)
    return described['failureReason']


def refused(call, **arguments):
    try:
        call(**arguments)
    except errors.InvalidInputException as error:
        return error.response['Error']['Message']
    raise AssertionError(f'{arguments} were not refused')


def has(text, part):
    assert part in text, f'{part!r} is not in {text!r}'


def mostly(users, taste):
    own = sum(user[1] == taste for user in users)
    assert own > 0.75 * len(users), f'{own} of {users} are of taste {taste}'


metrics, versions = {}, {}
for recipe in ('aws-item-affinity', 'aws-item-attribute-affinity'):
    versions[recipe] = trained(recipe)
    metrics[recipe] = personalize.get_solution_metrics(solutionVersionArn=versions[recipe])['metrics']
    message = refused(personalize.create_campaign, name=recipe, solutionVersionArn=versions[recipe])
    has(message, f'A campaign cannot serve recipe {recipe} of type USER_SEGMENTATION')
    has(message, 'Use CreateBatchSegmentJob instead')
by_item, by_attributes = versions.values()

# Item-Affinity: each line gets the same number of users, or its own error.
lines = segments(
    by_item, {'itemId': 'a3'}, {'itemId': 'b3', 'note': 'kept'}, '', {'itemId': 'nowhere'}, {'itemAttributes': 'x'},
    'no JSON', '["a3"]', {'itemId': 3})
equal([line['input'] for line in lines[:4]],
      [{'itemId': 'a3'}, {'itemId': 'b3', 'note': 'kept'}, {'itemId': 'nowhere'}, {'itemAttributes': 'x'}])
for line, taste in zip(lines, 'ab'):
    equal(sorted(line), ['error', 'input', 'output'])
    equal(list(line['output']), ['usersList'])
    equal(line['error'], None)
    users = line['output']['usersList']
    equal(len(users), 25)
    equal(len(set(users)), 25)
    mostly(users, taste)
equal([line['output'] for line in lines[2:]], [None] * 5)
equal(lines[2]['error'], 'Item nowhere is not in the training data.')
has(lines[3]['error'], 'The line has itemAttributes and no itemId')
equal(lines[4]['input'], 'no JSON')
has(lines[5]['error'], 'JSON object')
has(lines[6]['error'], 'itemId must be a text')

# More users than there are is all of them.
everyone = segments(by_item, {'itemId': 'a3'}, numResults=5_000_000)[0]['output']['usersList']
equal(len(everyone), 120)
equal(everyone[:25], lines[0]['output']['usersList'])

# Item-Attribute-Affinity
lines = segments(
    by_attributes,
    {'itemAttributes': 'ITEMS.genre = "Crime" AND ITEMS.GENRE = "Drama"'},
    {'itemAttributes': "items.genre = 'Comedy'"},
    {'itemAttributes': 'ITEMS.GENRE = "Western"'},
    {'itemAttributes': 'ITEMS.GENRE != "Comedy"'},
    {'itemAttributes': 'ITEMS.TITLE = "Alien"'},
    {'itemId': 'a3'}, numResults=20)
mostly(lines[0]['output']['usersList'], 'b')
mostly(lines[1]['output']['usersList'], 'a')
equal(lines[2], {'input': {'itemAttributes': 'ITEMS.GENRE = "Western"'}, 'output': {'usersList': []}, 'error': None})
has(lines[3]['error'], 'at character 13')
has(lines[4]['error'], 'there is no column TITLE')
has(lines[5]['error'], 'The line has itemId and no itemAttributes')


# Filters of users
def filter_of(name, expression):
    return personalize.create_filter(name=name, datasetGroupArn=group, filterExpression=expression)['filterArn']


tiers = filter_of('tiers', 'INCLUDE UserID WHERE Users.TIER IN ($TIERS) AND Users.AGE >= $LEAST')
buyers = filter_of('buyers', 'EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ($TYPES)')
of_items = filter_of('of-items', 'INCLUDE ItemID WHERE Items.GENRE IN ("Comedy")')
lines = segments(
    by_item,
    {'itemId': 'a3', 'filterValues': {'TIERS': '"gold"', 'LEAST': '30'}},
    {'itemId': 'a3', 'filterValues': {'TIERS': '"gold","tin"', 'LEAST': '"30"'}},
    {'itemId': 'a3', 'filterValues': {'TIERS': '"gold"'}},
    {'itemId': 'a3', 'filterValues': {'TIERS': '"gold"', 'LEAST': 'old'}},
    {'itemId': 'a3'}, filterArn=tiers, numResults=120)
# User n of a taste is `gold` where n is even and has the age n; the last ten have no record.
equal(sorted(lines[0]['output']['usersList']),
      sorted(f'u{taste}{n}' for taste in 'ab' for n in range(30, 50) if n % 2 == 0))
equal(sorted(lines[1]['output']['usersList']), sorted(f'u{taste}{n}' for taste in 'ab' for n in range(30, 50)))
has(lines[2]['error'], 'LEAST')
has(lines[3]['error'], 'LEAST')
has(lines[4]['error'], 'filterValues')

everybody, nobody = segments(
    by_item, {'itemId': 'a3', 'filterValues': {'TYPES': '"buy"'}}, {'itemId': 'a3', 'filterValues': {'TYPES': '"WATCH"'}},
    filterArn=buyers, numResults=1000)
equal((len(everybody['output']['usersList']), nobody['output']['usersList']), (120, []))

of_gold, = segments(
    by_attributes, {'itemAttributes': 'ITEMS.GENRE = "Comedy"', 'filterValues': {'TIERS': '"gold"', 'LEAST': '0'}},
    filterArn=tiers, numResults=10)
users = of_gold['output']['usersList']
equal(len(users), 10)
assert all(int(user[2:]) % 2 == 0 and int(user[2:]) < 50 for user in users), users

# What cannot be is said at once …
path = put('good.json', {'itemId': 'a3'})
job = dict(jobName='refused', solutionVersionArn=by_item, roleArn=role, jobInput={'s3DataSource': {'path': path}},
           jobOutput={'s3DataDestination': {'path': 's3://films/refused/'}})
has(refused(personalize.create_batch_segment_job, **{**job, 'solutionVersionArn': by_attributes, 'filterArn': buyers}),
    'is about Interactions')
has(refused(personalize.create_batch_segment_job, **{**job, 'filterArn': of_items}), 'is about ItemID')
has(refused(personalize.create_batch_segment_job, **{**job, 'numResults': 5_000_001}), '5000000')
has(refused(personalize.create_batch_segment_job, **{**job, 'jobOutput': {'s3DataDestination': {'path': path}}}),
    'Invalid S3 output path')
has(refused(personalize.create_batch_inference_job, **job), 'Use CreateBatchSegmentJob instead')

# … or by the job, in a sentence.
has(failed(by_item, put('many.json', *[{'itemId': 'a3'}] * 501)), '500')
has(failed(by_attributes, put('eleven.json', *[{'itemAttributes': 'ITEMS.GENRE = "Drama"'}] * 11)), '10')
has(failed(by_item, put('wrong.json', {'itemId': 'nowhere'})), 'Item nowhere is not in the training data.')
has(failed(by_item, 's3://films/nothing-here'), 's3://films/nothing-here')

described = personalize.describe_batch_segment_job(
    batchSegmentJobArn='arn:aws:personalize:us-east-1:000000000000:batch-segment-job/segments-1')['batchSegmentJob']
equal({name: described[name] for name in ('jobName', 'solutionVersionArn', 'numResults', 'status', 'roleArn')},
      {'jobName': 'segments-1', 'solutionVersionArn': by_item, 'numResults': 25, 'status': 'ACTIVE', 'roleArn': role})
pages = personalize.get_paginator('list_batch_segment_jobs').paginate(
    solutionVersionArn=by_attributes, PaginationConfig={'PageSize': 1})
equal([job['status'] for page in pages for job in page['batchSegmentJobs']].count('ACTIVE'), 2)
print(json.dumps(metrics))
