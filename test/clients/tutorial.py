"""AWS's getting-started tutorial from end to end, its role and its bucket among it.

usage: tutorial.py INTERACTIONS_FILE

The environment says where and as whom: AWS_ENDPOINT_URL, credentials and region. Users ua* like items a*.
"""
import json
import sys
import time

import boto3

csv_file = sys.argv[1]
personalize = boto3.client('personalize')
runtime = boto3.client('personalize-runtime')
iam = boto3.client('iam')
s3 = boto3.client('s3')
session = boto3.session.Session()
account = boto3.client('sts').get_caller_identity()['Account']
region = session.region_name


def wait(describe, member, **arn):
    """As the tutorial waits, only more often."""
    deadline = time.time() + 120
    while time.time() < deadline:
        described = describe(**arn)[member]
        status = described['status']
        print(member, status, flush=True)
        if status == 'ACTIVE':
            return described
        assert status != 'CREATE FAILED', described
        time.sleep(0.5)
    raise AssertionError(f'{arn} did not become ACTIVE')


def wait_gone(describe, **arn):
    deadline = time.time() + 60
    while time.time() < deadline:
        try:
            describe(**arn)
        except personalize.exceptions.ResourceNotFoundException:
            return
        time.sleep(0.2)
    raise AssertionError(f'{arn} is still there')


# A bucket that the service may read.
bucket = f'{account}-{region}-personalizepocvod'
if region == 'us-east-1':
    s3.create_bucket(Bucket=bucket)
else:
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={'LocationConstraint': region})
boto3.Session().resource('s3').Bucket(bucket).Object('interactions.csv').upload_file(csv_file)
s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({
    'Version': '2012-10-17',
    'Id': 'PersonalizeS3BucketAccessPolicy',
    'Statement': [{
        'Sid': 'PersonalizeS3BucketAccessPolicy',
        'Effect': 'Allow',
        'Principal': {'Service': 'personalize.amazonaws.com'},
        'Action': ['s3:*Object', 's3:ListBucket'],
        'Resource': [f'arn:aws:s3:::{bucket}', f'arn:aws:s3:::{bucket}/*'],
    }],
}))

# A role that the service takes on.
role_name = account + '-PersonalizeS3-Immersion-Day'
try:
    role_arn = iam.create_role(RoleName=role_name, AssumeRolePolicyDocument=json.dumps({
        'Version': '2012-10-17',
        'Statement': [{
            'Effect': 'Allow',
            'Principal': {'Service': 'personalize.amazonaws.com'},
            'Action': 'sts:AssumeRole',
        }],
    }))['Role']['Arn']
except iam.exceptions.EntityAlreadyExistsException:
    role_arn = iam.get_role(RoleName=role_name)['Role']['Arn']
for policy in ('service-role/AmazonPersonalizeFullAccess', 'AmazonS3FullAccess'):
    iam.attach_role_policy(RoleName=role_name, PolicyArn=f'arn:aws:iam::aws:policy/{policy}')

# Data.
schema_arn = personalize.create_schema(name='tutorial-schema', schema=json.dumps({
    'type': 'record',
    'name': 'Interactions',
    'namespace': 'com.amazonaws.personalize.schema',
    'fields': [
        {'name': 'USER_ID', 'type': 'string'},
        {'name': 'ITEM_ID', 'type': 'string'},
        {'name': 'EVENT_TYPE', 'type': 'string'},
        {'name': 'TIMESTAMP', 'type': 'long'},
    ],
    'version': '1.0',
}))['schemaArn']
group_arn = personalize.create_dataset_group(name='tutorial')['datasetGroupArn']
wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=group_arn)
dataset_arn = personalize.create_dataset(
    name='tutorial-interactions', datasetType='INTERACTIONS', datasetGroupArn=group_arn,
    schemaArn=schema_arn)['datasetArn']
import_arn = personalize.create_dataset_import_job(
    jobName='tutorial-import', datasetArn=dataset_arn,
    dataSource={'dataLocation': f's3://{bucket}/interactions.csv'}, roleArn=role_arn)['datasetImportJobArn']
wait(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=import_arn)

# A model, and an endpoint for it.
solution_arn = personalize.create_solution(
    name='tutorial-solution', datasetGroupArn=group_arn, performAutoTraining=False,
    recipeArn='arn:aws:personalize:::recipe/aws-user-personalization-v2')['solutionArn']
version_arn = personalize.create_solution_version(solutionArn=solution_arn)['solutionVersionArn']
wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=version_arn)
metrics = personalize.get_solution_metrics(solutionVersionArn=version_arn)['metrics']
assert metrics['precision_at_5'] > 0, metrics
campaign_arn = personalize.create_campaign(
    name='tutorial-campaign', solutionVersionArn=version_arn, minProvisionedTPS=1)['campaignArn']
wait(personalize.describe_campaign, 'campaign', campaignArn=campaign_arn)
items = [item['itemId'] for item in runtime.get_recommendations(
    campaignArn=campaign_arn, userId='ua3', numResults=10)['itemList']]
assert len(items) == 10 and sum(item.startswith('a') for item in items) >= 8, items
print('recommended', *items)
print('groups', *[one['datasetGroupArn'] for page in personalize.get_paginator('list_dataset_groups').paginate()
                  for one in page['datasetGroups']])
print('buckets', *[one['Name'] for one in s3.list_buckets()['Buckets']], flush=True)

# Clean-up, as the notebooks have it.
personalize.delete_campaign(campaignArn=campaign_arn)
wait_gone(personalize.describe_campaign, campaignArn=campaign_arn)
personalize.delete_solution(solutionArn=solution_arn)
wait_gone(personalize.describe_solution, solutionArn=solution_arn)
personalize.delete_dataset(datasetArn=dataset_arn)
wait_gone(personalize.describe_dataset, datasetArn=dataset_arn)
personalize.delete_schema(schemaArn=schema_arn)
personalize.delete_dataset_group(datasetGroupArn=group_arn)
wait_gone(personalize.describe_dataset_group, datasetGroupArn=group_arn)
for policy in iam.list_attached_role_policies(RoleName=role_name)['AttachedPolicies']:
    iam.detach_role_policy(RoleName=role_name, PolicyArn=policy['PolicyArn'])
iam.delete_role(RoleName=role_name)
assert role_name not in [role['RoleName'] for page in iam.get_paginator('list_roles').paginate()
                         for role in page['Roles']]
for listed in s3.list_objects(Bucket=bucket)['Contents']:
    s3.delete_object(Bucket=bucket, Key=listed['Key'])
s3.delete_bucket(Bucket=bucket)
print('done')
