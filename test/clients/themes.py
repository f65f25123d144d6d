"""Themes of batch inference with an unmodified boto3.

usage: themes.py ENDPOINT train DATASET_GROUP_ARN   trains, sees what is refused, and prints the ARN of the version
       themes.py ENDPOINT job VERSION_ARN NAME      runs a job over s3://films/in/NAME.json, and prints it as JSON with
                                                    its output lines
"""
import json
import sys

import boto3
from botocore.config import Config

from steps import clients, equal, role, wait

endpoint, command, arn = sys.argv[1:4]
personalize, _, _ = clients(endpoint)
by_title = {'fieldsForThemeGeneration': {'itemName': 'TITLE'}}


def trained(recipe):
    solution = personalize.create_solution(
        name=recipe, datasetGroupArn=arn, recipeArn=f'arn:aws:personalize:::recipe/{recipe}',
        performAutoTraining=False)['solutionArn']
    version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
    wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=version)
    return version


def create(version, name, source='in/films.json', target='out/', **more):
    return personalize.create_batch_inference_job(
        jobName=name, solutionVersionArn=version, roleArn=role,
        jobInput={'s3DataSource': {'path': f's3://films/{source}'}},
        jobOutput={'s3DataDestination': {'path': f's3://films/{target}'}}, **more)['batchInferenceJobArn']


def refused(version, sentence, **more):
    try:
        create(version, 'refused', **more)
    except personalize.exceptions.InvalidInputException as error:
        assert sentence in error.response['Error']['Message'], error
    else:
        raise AssertionError(f'It was not refused: {sentence}')


def train():
    version, popular = trained('aws-similar-items'), trained('aws-popularity-count')
    themes = dict(batchInferenceJobMode='THEME_GENERATION')
    refused(version, 'THEME_GENERATION needs themeGenerationConfig', **themes)
    refused(version, 'themeGenerationConfig needs', themeGenerationConfig=by_title)
    refused(version, 'themeGenerationConfig needs', themeGenerationConfig=by_title,
            batchInferenceJobMode='BATCH_INFERENCE')
    refused(popular, 'of recipe aws-similar-items', themeGenerationConfig=by_title, **themes)
    for column, sentence in [
            ('NAME', 'is not in the schema of the Items dataset'), ('YEAR', 'must be of type string, not int')]:
        config = {'fieldsForThemeGeneration': {'itemName': column}}
        refused(version, sentence, themeGenerationConfig=config, **themes)
    print(version)


def job(name):
    created = create(
        arn, name, f'in/{name}.json', f'out/{name}/', batchInferenceJobMode='THEME_GENERATION',
        themeGenerationConfig=by_title, numResults=15)
    described = wait(
        personalize.describe_batch_inference_job, 'batchInferenceJob', ends=('ACTIVE', 'CREATE FAILED'),
        batchInferenceJobArn=created)
    equal(described['batchInferenceJobMode'], 'THEME_GENERATION')
    equal(described['themeGenerationConfig'], by_title)
    lines = []
    if described['status'] == 'ACTIVE':
        s3 = boto3.client(
            's3', endpoint_url=endpoint, region_name='us-east-1', aws_access_key_id='any',
            aws_secret_access_key='any', config=Config(s3={'addressing_style': 'path'}))
        body = s3.get_object(Bucket='films', Key=f'out/{name}/{name}.json.out')['Body'].read().decode()
        lines = [json.loads(line) for line in body.splitlines()]
    print(json.dumps({'status': described['status'], 'reason': described.get('failureReason'), 'lines': lines}))


if command == 'train':
    train()
else:
    job(sys.argv[4])
