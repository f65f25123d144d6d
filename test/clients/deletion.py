"""Deletes users with an unmodified boto3: from data, from a model, and from what follows their events.

usage: deletion.py ENDPOINT BUCKETS

BUCKETS is the folder where s3://bucket/key leads. Prints `done`.
"""
import json
import os
import sys
import time

from botocore.exceptions import ClientError

from steps import clients, equal, role, wait

endpoint, buckets = sys.argv[1:]
personalize, runtime, events = clients(endpoint)


def put(key, content):
    path = os.path.join(buckets, 'privacy', key)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(content)
    return f's3://privacy/{key}'


def deletion(name, location, **more):
    arn = personalize.create_data_deletion_job(
        jobName=name, datasetGroupArn=group, dataSource={'dataLocation': location}, roleArn=role,
        **more)['dataDeletionJobArn']
    return wait(
        personalize.describe_data_deletion_job, 'dataDeletionJob', ('COMPLETED', 'FAILED'), dataDeletionJobArn=arn)


def refused(code, call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        equal(error.response['Error']['Code'], code)
        return
    raise AssertionError(f'{parameters} was not refused')


schema = json.dumps({
    'type': 'record', 'name': 'Interactions', 'namespace': 'com.amazonaws.personalize.schema', 'version': '1.0',
    'fields': [{'name': name, 'type': 'string'} for name in ('USER_ID', 'ITEM_ID', 'EVENT_TYPE')]
    + [{'name': 'TIMESTAMP', 'type': 'long'}]})
rows = [
    f'{user},{"ab"[user % 2]}{(user * 7 + step * (step + 1)) % 40},watch,{1_700_000_000 + user * 1000 + step * 60}'
    for user in range(120) for step in range(20)]

group = personalize.create_dataset_group(name='people')['datasetGroupArn']
dataset = personalize.create_dataset(
    name='interactions', datasetGroupArn=group, datasetType='Interactions',
    schemaArn=personalize.create_schema(name='people', schema=schema)['schemaArn'])['datasetArn']
wait(
    personalize.describe_dataset_import_job, 'datasetImportJob',
    datasetImportJobArn=personalize.create_dataset_import_job(
        jobName='rows', datasetArn=dataset, roleArn=role, dataSource={
            'dataLocation': put('rows.csv', 'USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\n' + '\n'.join(rows) + '\n')},
    )['datasetImportJobArn'])
tracker = personalize.create_event_tracker(name='web', datasetGroupArn=group)
solution = personalize.create_solution(
    name='people', datasetGroupArn=group, recipeArn='arn:aws:personalize:::recipe/aws-user-personalization',
    performAutoTraining=False)['solutionArn']
version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=version)
campaign = personalize.create_campaign(
    name='people', solutionVersionArn=version,
    campaignConfig={'itemExplorationConfig': {'explorationWeight': '0'}})['campaignArn']
wait(personalize.describe_campaign, 'campaign', campaignArn=campaign)


def watch(user, item):
    events.put_events(
        trackingId=tracker['trackingId'], userId=user, sessionId=f'visit of {user}',
        eventList=[{'eventType': 'watch', 'itemId': item, 'sentAt': time.time()}])


def answer(user):
    return runtime.get_recommendations(campaignArn=campaign, userId=user, numResults=10)['itemList']


watch('7', 'b3')
watch('somebody new', 'a2')
unknown, before = answer('nobody'), answer('8')
for user in ('7', 'somebody new'):
    assert answer(user) != unknown, user

job = deletion('first', put('lists/one.csv', 'USER_ID\n7\nsomebody new\nnobody\n'), tags=[{'tagKey': 'law', 'tagValue': '17'}])
equal((job['status'], job['numDeleted'], job['jobName']), ('COMPLETED', 22, 'first'))
equal((job['datasetGroupArn'], job['roleArn']), (group, role))
for user in ('7', 'somebody new', 'visit of 7'):
    equal(answer(user), unknown)
equal(answer('8'), before)
equal(personalize.list_tags_for_resource(resourceArn=job['dataDeletionJobArn'])['tags'][0]['tagValue'], '17')

# Who comes back is a new user.
watch('7', 'b5')
assert answer('7') != unknown

failed = deletion('no-header', put('broken.csv', '7\n8\n'))
equal(failed['status'], 'FAILED')
assert 'it must name the one column USER_ID' in failed['failureReason'], failed
assert 'numDeleted' not in failed, failed
equal(deletion('missing', 's3://privacy/missing.csv')['status'], 'FAILED')
equal(deletion('again', 's3://privacy/lists/')['numDeleted'], 1)

jobs = personalize.list_data_deletion_jobs(datasetGroupArn=group, maxResults=3)
equal([each['jobName'] for each in jobs['dataDeletionJobs']], ['again', 'missing', 'no-header'])
rest = personalize.list_data_deletion_jobs(datasetGroupArn=group, nextToken=jobs['nextToken'])
equal([each['jobName'] for each in rest['dataDeletionJobs']], ['first'])

source = {'dataLocation': 's3://privacy/lists/'}
job_of = dict(datasetGroupArn=group, dataSource=source, roleArn=role)
refused('ResourceAlreadyExistsException', personalize.create_data_deletion_job, jobName='first', **job_of)
refused(
    'ResourceNotFoundException', personalize.create_data_deletion_job, jobName='other',
    **{**job_of, 'datasetGroupArn': group + 's'})
refused(
    'InvalidInputException', personalize.create_data_deletion_job, jobName='other',
    **{**job_of, 'dataSource': {'dataLocation': 'https://privacy/lists'}})
print('done')
