"""The "getting started" journey of the AWS guide with an unmodified boto3.

usage: getting_started.py ENDPOINT INTERACTIONS_LOCATION SCHEMA_FILE

Users ua* like items a*, users ub* like items b*. Ends with code 0 and the word "done" if everything was as AWS has it.
"""
import datetime
import json
import sys
import time

import boto3

endpoint, location, schema_file = sys.argv[1:]
settings = dict(
    endpoint_url=endpoint,
    region_name='eu-west-1',
    aws_access_key_id='any',
    aws_secret_access_key='any',
)
personalize = boto3.client('personalize', **settings)
runtime = boto3.client('personalize-runtime', **settings)
events = boto3.client('personalize-events', **settings)
role = 'arn:aws:iam::000000000000:role/PersonalizeRole'
recipe = 'arn:aws:personalize:::recipe/'


def equal(actual, expected):
    assert actual == expected, f'{actual!r} is not {expected!r}'


def raises(exception, status, call, **arguments):
    """The call must fail with the exception class that the client has made from the service model."""
    try:
        call(**arguments)
    except exception as error:
        equal(error.response['ResponseMetadata']['HTTPStatusCode'], status)
        assert error.response['Error']['Message'], 'an error without a message'
        assert error.response['ResponseMetadata']['RequestId'], 'an error without a request id'
        return error.response['Error']['Message']
    raise AssertionError(f'{exception.__name__} was not raised')


def wait(describe, member, **arn):
    """Polls as AWS's notebooks do, by comparing the status with two words."""
    deadline = time.time() + 120
    while time.time() < deadline:
        described = describe(**arn)[member]
        status = described['status']
        if status == 'ACTIVE':
            return described
        if status == 'CREATE FAILED':
            raise AssertionError(f'{arn} failed: {described["failureReason"]}')
        assert status in ('CREATE PENDING', 'CREATE IN_PROGRESS'), f'{arn} is {status}'
        time.sleep(0.2)
    raise AssertionError(f'{arn} did not become ACTIVE')


def wait_gone(describe, **arn):
    deadline = time.time() + 60
    while time.time() < deadline:
        try:
            describe(**arn)
        except personalize.exceptions.ResourceNotFoundException:
            return
        time.sleep(0.1)
    raise AssertionError(f'{arn} is still there')


# Schema, dataset group, dataset.
with open(schema_file, encoding='utf-8') as file:
    schema = file.read()
schema_arn = personalize.create_schema(name='getting-started-schema', schema=schema)['schemaArn']
equal(schema_arn, 'arn:aws:personalize:eu-west-1:000000000000:schema/getting-started-schema')
equal(personalize.describe_schema(schemaArn=schema_arn)['schema']['schema'], schema)
raises(personalize.exceptions.ResourceAlreadyExistsException, 400,
       personalize.create_schema, name='getting-started-schema', schema=schema)
raises(personalize.exceptions.InvalidInputException, 400,
       personalize.create_schema, name='not-avro', schema='{"type": "record"')

group_arn = personalize.create_dataset_group(
    name='getting-started', tags=[{'tagKey': 'team', 'tagValue': 'films'}])['datasetGroupArn']
group = wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=group_arn)
assert isinstance(group['creationDateTime'], datetime.datetime)

dataset_arn = personalize.create_dataset(
    name='interactions', schemaArn=schema_arn, datasetGroupArn=group_arn, datasetType='Interactions')['datasetArn']
equal(dataset_arn, 'arn:aws:personalize:eu-west-1:000000000000:dataset/getting-started/INTERACTIONS')
dataset = wait(personalize.describe_dataset, 'dataset', datasetArn=dataset_arn)
equal(dataset['datasetType'], 'INTERACTIONS')

# Import.
import_arn = personalize.create_dataset_import_job(
    jobName='getting-started-import', datasetArn=dataset_arn, roleArn=role,
    dataSource={'dataLocation': location})['datasetImportJobArn']
job = wait(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=import_arn)
equal(job['dataSource'], {'dataLocation': location})
raises(personalize.exceptions.InvalidInputException, 400, personalize.create_dataset_import_job,
       jobName='nowhere', datasetArn=dataset_arn, roleArn=role, dataSource={'dataLocation': 'nowhere'})

# Events, as they happen: a newcomer who likes what users ua* like.
tracker = personalize.create_event_tracker(name='web', datasetGroupArn=group_arn)
tracker_arn, tracking_id = tracker['eventTrackerArn'], tracker['trackingId']
wait(personalize.describe_event_tracker, 'eventTracker', eventTrackerArn=tracker_arn)
for item in ('a11', 'a12', 'a13', 'a14', 'a15', 'a16'):
    events.put_events(trackingId=tracking_id, userId='newcomer', sessionId='visit-1', eventList=[{
        'eventType': 'watch', 'sentAt': datetime.datetime.now(), 'itemId': item,
        'properties': json.dumps({'eventValue': '1'})}])
raises(events.exceptions.InvalidInputException, 400, events.put_events,
       trackingId='unknown', sessionId='visit-1', eventList=[{'eventType': 'watch', 'sentAt': time.time()}])
raises(events.exceptions.InvalidInputException, 400, events.put_events,
       trackingId=tracking_id, sessionId='visit-1',
       eventList=[{'eventType': 'watch', 'sentAt': time.time(), 'properties': json.dumps({'userId': 'x'})}])
raises(events.exceptions.ResourceNotFoundException, 404, events.put_items,
       datasetArn=dataset_arn.replace('INTERACTIONS', 'ITEMS'), items=[{'itemId': 'a1', 'properties': '{}'}])

# Recipes, solutions, versions, metrics.
names = [summary['name'] for page in personalize.get_paginator('list_recipes').paginate()
         for summary in page['recipes']]
trained = ('aws-user-personalization', 'aws-user-personalization-v2', 'aws-personalized-ranking',
           'aws-personalized-ranking-v2', 'aws-similar-items', 'aws-sims')
assert {*trained, 'aws-popularity-count'} <= set(names), names
equal(names, sorted(names))
# AWS's notebooks read the token of the first page, with a domain or without, and go on with it.
for scope in ({}, {'domain': 'ECOMMERCE'}, {'domain': 'VIDEO_ON_DEMAND'}):
    first = personalize.list_recipes(**scope)
    second = personalize.list_recipes(**scope, nextToken=first['nextToken'])
    listed = first['recipes'] + second['recipes']
    equal([one.get('domain') for one in listed if scope], [scope.get('domain')] * (5 if scope else 0))
    for one in listed:
        equal(personalize.describe_recipe(recipeArn=one['recipeArn'])['recipe']['name'], one['name'])
equal(personalize.describe_recipe(recipeArn=recipe + 'aws-sims')['recipe']['recipeType'], 'RELATED_ITEMS')

versions = {}
for name in trained:
    solution_arn = personalize.create_solution(
        name='gs-' + name, datasetGroupArn=group_arn, recipeArn=recipe + name,
        performAutoTraining=False)['solutionArn']
    wait(personalize.describe_solution, 'solution', solutionArn=solution_arn)
    versions[name] = personalize.create_solution_version(solutionArn=solution_arn)['solutionVersionArn']
raises(personalize.exceptions.ResourceInUseException, 400,
       personalize.get_solution_metrics, solutionVersionArn=versions['aws-sims'])
for name, arn in versions.items():
    version = wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=arn)
    assert version['trainingHours'] > 0
    equal(sorted(personalize.get_solution_metrics(solutionVersionArn=arn)['metrics']), [
        'coverage', 'mean_reciprocal_rank_at_25', 'normalized_discounted_cumulative_gain_at_10',
        'normalized_discounted_cumulative_gain_at_25', 'normalized_discounted_cumulative_gain_at_5',
        'precision_at_10', 'precision_at_25', 'precision_at_5'])

# Campaigns. What is asked below is about the model alone, without new items that exploration brings.
settings = {'aws-user-personalization': {'itemExplorationConfig': {'explorationWeight': '0'}}}


def create_campaign(name):
    return personalize.create_campaign(
        name='gs-' + name, solutionVersionArn=versions[name], minProvisionedTPS=1,
        campaignConfig=settings.get(name, {}))['campaignArn']


# A dataset group has five at most.
campaigns = {name: create_campaign(name) for name in versions if name != 'aws-similar-items'}
for arn in campaigns.values():
    wait(personalize.describe_campaign, 'campaign', campaignArn=arn)
listed = [summary['name'] for page in personalize.get_paginator('list_campaigns').paginate(
    PaginationConfig={'PageSize': 1}) for summary in page['campaigns']]
equal(sorted(listed), sorted('gs-' + name for name in campaigns))
raises(personalize.exceptions.InvalidNextTokenException, 400, personalize.list_campaigns, nextToken='no token of yours')

# Recommendations.
personal = campaigns['aws-user-personalization']
answer = runtime.get_recommendations(campaignArn=personal, userId='ua3', numResults=10)
items = [item['itemId'] for item in answer['itemList']]
equal(len(items), 10)
assert sum(item.startswith('a') for item in items) >= 8, items
scores = [item['score'] for item in answer['itemList']]
equal(scores, sorted(scores, reverse=True))
assert answer['recommendationId'].startswith('RID-')
equal(len(runtime.get_recommendations(campaignArn=personal, userId='a stranger')['itemList']), 25)
# The training has seen the events.
answer = runtime.get_recommendations(campaignArn=personal, userId='newcomer', numResults=10)
items = [item['itemId'] for item in answer['itemList']]
assert sum(item.startswith('a') for item in items) >= 8, items

answer = runtime.get_recommendations(
    campaignArn=campaigns['aws-user-personalization-v2'], userId='ua3', numResults=10)
items = [item['itemId'] for item in answer['itemList']]
equal(len(items), 10)
assert sum(item.startswith('a') for item in items) >= 8, items

for name in ('aws-personalized-ranking', 'aws-personalized-ranking-v2'):
    ranked = runtime.get_personalized_ranking(
        campaignArn=campaigns[name], userId='ub5',
        inputList=['a1', 'unheard-of', 'b1', 'a2', 'b2'])['personalizedRanking']
    equal([item['itemId'] for item in ranked][-1], 'unheard-of')
    equal({item['itemId'] for item in ranked[:2]}, {'b1', 'b2'})
    assert abs(sum(item['score'] for item in ranked[:-1]) - 1) < 1e-5
    assert 'score' not in ranked[-1]

# Not one of the most popular tenth of the items, which aws-sims leaves out by default.
for name in ('aws-sims', 'aws-similar-items'):
    if name not in campaigns:
        gone = campaigns.pop('aws-sims')
        personalize.delete_campaign(campaignArn=gone)
        wait_gone(personalize.describe_campaign, campaignArn=gone)
        campaigns[name] = create_campaign(name)
        wait(personalize.describe_campaign, 'campaign', campaignArn=campaigns[name])
    related = runtime.get_recommendations(campaignArn=campaigns[name], itemId='a10', numResults=5)['itemList']
    assert sum(item['itemId'].startswith('a') for item in related) >= 4, related
    assert all(item['itemId'] != 'a10' and 'score' not in item for item in related), related

message = raises(runtime.exceptions.ResourceNotFoundException, 404,
                 runtime.get_recommendations, campaignArn=personal + '-gone', userId='ua3')
assert personal + '-gone' in message
raises(runtime.exceptions.InvalidInputException, 400, runtime.get_recommendations, campaignArn=personal)
raises(runtime.exceptions.InvalidInputException, 400,
       runtime.get_recommendations, campaignArn=personal, userId='ua3', numResults=501)

# A campaign moves to a new version, and follows the latest.
solution_arn = versions['aws-user-personalization'].rpartition('/')[0]
second = personalize.create_solution_version(solutionArn=solution_arn)['solutionVersionArn']
wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=second)
personalize.update_campaign(campaignArn=personal, solutionVersionArn=second, minProvisionedTPS=2)
deadline = time.time() + 60
while True:
    campaign = personalize.describe_campaign(campaignArn=personal)['campaign']
    equal(campaign['status'], 'ACTIVE')
    runtime.get_recommendations(campaignArn=personal, userId='ua3')
    if campaign['latestCampaignUpdate']['status'] == 'ACTIVE':
        break
    assert time.time() < deadline and campaign['latestCampaignUpdate']['status'] != 'CREATE FAILED', campaign
equal(personalize.describe_campaign(campaignArn=personal)['campaign']['solutionVersionArn'], second)

# Tags.
personalize.tag_resource(resourceArn=group_arn, tags=[{'tagKey': 'stage', 'tagValue': 'test'}])
personalize.untag_resource(resourceArn=group_arn, tagKeys=['team'])
equal(personalize.list_tags_for_resource(resourceArn=group_arn)['tags'], [{'tagKey': 'stage', 'tagValue': 'test'}])

# Recommenders are for groups of a domain.
message = raises(personalize.exceptions.InvalidInputException, 400, personalize.create_recommender,
                 name='none', datasetGroupArn=group_arn, recipeArn=recipe + 'aws-vod-top-picks')
equal(message, f'Recipe aws-vod-top-picks is for the domain VIDEO_ON_DEMAND, but dataset group {group_arn} has no domain.')

# Clean-up in AWS's order; what is still used stays.
in_use = personalize.exceptions.ResourceInUseException
raises(in_use, 400, personalize.delete_schema, schemaArn=schema_arn)
raises(in_use, 400, personalize.delete_dataset_group, datasetGroupArn=group_arn)
raises(in_use, 400, personalize.delete_solution, solutionArn=solution_arn)
for arn in campaigns.values():
    personalize.delete_campaign(campaignArn=arn)
for arn in campaigns.values():
    wait_gone(personalize.describe_campaign, campaignArn=arn)
raises(runtime.exceptions.ResourceNotFoundException, 404, runtime.get_recommendations, campaignArn=personal, userId='ua3')
for arn in versions.values():
    personalize.delete_solution(solutionArn=arn.rpartition('/')[0])
for arn in versions.values():
    wait_gone(personalize.describe_solution, solutionArn=arn.rpartition('/')[0])
raises(in_use, 400, personalize.delete_dataset, datasetArn=dataset_arn)
personalize.delete_event_tracker(eventTrackerArn=tracker_arn)
wait_gone(personalize.describe_event_tracker, eventTrackerArn=tracker_arn)
raises(events.exceptions.InvalidInputException, 400, events.put_events,
       trackingId=tracking_id, sessionId='visit-1', eventList=[{'eventType': 'watch', 'sentAt': time.time()}])
personalize.delete_dataset(datasetArn=dataset_arn)
wait_gone(personalize.describe_dataset, datasetArn=dataset_arn)
personalize.delete_schema(schemaArn=schema_arn)
personalize.delete_dataset_group(datasetGroupArn=group_arn)
wait_gone(personalize.describe_dataset_group, datasetGroupArn=group_arn)
raises(personalize.exceptions.ResourceNotFoundException, 400, personalize.describe_schema, schemaArn=schema_arn)
print('done')
