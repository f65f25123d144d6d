"""Recipes of segments with an unmodified boto3: trained, measured, and served by no campaign.

usage: segments.py ENDPOINT DATASET_GROUP_ARN

Prints the metrics of each recipe as JSON.
"""
import json
import sys
import time

import boto3

endpoint, group = sys.argv[1:]
personalize = boto3.client(
    'personalize', endpoint_url=endpoint, region_name='us-east-1', aws_access_key_id='any', aws_secret_access_key='any')


def trained(recipe, **config):
    solution = personalize.create_solution(
        name=recipe, datasetGroupArn=group, recipeArn=f'arn:aws:personalize:::recipe/{recipe}',
        performAutoTraining=False, solutionConfig=config)['solutionArn']
    version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
    deadline = time.time() + 240
    while time.time() < deadline:
        described = personalize.describe_solution_version(solutionVersionArn=version)['solutionVersion']
        if described['status'] == 'ACTIVE':
            return version
        assert described['status'] in ('CREATE PENDING', 'CREATE IN_PROGRESS'), described
        time.sleep(0.1)
    raise AssertionError(f'{version} did not become ACTIVE')


metrics = {}
for recipe in ('aws-item-affinity', 'aws-item-attribute-affinity'):
    version = trained(recipe, algorithmHyperParameters={'hidden_dimension': '32'})
    metrics[recipe] = personalize.get_solution_metrics(solutionVersionArn=version)['metrics']
    try:
        personalize.create_campaign(name=recipe, solutionVersionArn=version)
        raise AssertionError('A campaign serves segments.')
    except personalize.exceptions.InvalidInputException as error:
        assert f'A campaign cannot serve recipe {recipe} of type USER_SEGMENTATION' in str(error), error
print(json.dumps(metrics))
