"""Filters with an unmodified boto3, from their creation to their deletion.

usage: filter_resources.py ENDPOINT DATASET_GROUP_ARN

The group has the datasets Interactions, with EVENT_TYPE, and Items, with GENRE. Ends with code 0 and the word "done" if
everything was as AWS has it.
"""
import datetime
import sys

import boto3

endpoint, group_arn = sys.argv[1:]
personalize = boto3.client('personalize', endpoint_url=endpoint, region_name='us-east-1',
                           aws_access_key_id='any', aws_secret_access_key='any')
prefix = 'arn:aws:personalize:us-east-1:000000000000:filter/'


def equal(actual, expected):
    assert actual == expected, f'{actual!r} is not {expected!r}'


def raises(exception, call, **arguments):
    try:
        call(**arguments)
    except exception as error:
        equal(error.response['ResponseMetadata']['HTTPStatusCode'], 400)
        return error.response['Error']['Message']
    raise AssertionError(f'{exception.__name__} was not raised')


def create(name, expression):
    return personalize.create_filter(name=name, datasetGroupArn=group_arn, filterExpression=expression)['filterArn']


errors = personalize.exceptions
expressions = {
    'not-bought': 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
    'genres': 'INCLUDE ItemID WHERE Items.GENRE IN ($GENRES)',
    'dramas': "include itemId where ITEMS.genre in ('Drama', 'サスペンス')",
}
for name, expression in expressions.items():
    equal(create(name, expression), prefix + name)

# AWS's notebooks poll a filter until it is ACTIVE.
for name, expression in expressions.items():
    described = personalize.describe_filter(filterArn=prefix + name)['filter']
    assert isinstance(described.pop('creationDateTime'), datetime.datetime)
    assert isinstance(described.pop('lastUpdatedDateTime'), datetime.datetime)
    equal(described, {'name': name, 'filterArn': prefix + name, 'datasetGroupArn': group_arn, 'status': 'ACTIVE',
                      'filterExpression': expression})

pages = list(personalize.get_paginator('list_filters').paginate(
    datasetGroupArn=group_arn, PaginationConfig={'PageSize': 2}))
equal([len(page['Filters']) for page in pages], [2, 1])
equal({summary['filterArn'] for page in pages for summary in page['Filters']}, {prefix + name for name in expressions})
equal({summary['status'] for page in pages for summary in page['Filters']}, {'ACTIVE'})

equal(raises(errors.ResourceAlreadyExistsException, create, name='genres', expression=expressions['dramas']),
      f'Another resource with Arn {prefix}genres already exists.')
equal(raises(errors.InvalidInputException, create, name='wrong',
             expression='INCLUDE ItemID WHERE Items.GENRE NOT IN ($parameterName)'),
      'Could not create filter. Invalid input symbol: $parameterName. '
      'Placeholders are not allowed with NOT_IN operator.')
message = raises(errors.InvalidInputException, create, name='wrong', expression='INCLUDE ItemID WHERE Items.TITLE = "a"')
assert message.startswith('Could not create filter. Invalid Expression'), message
raises(errors.ResourceNotFoundException, personalize.create_filter, name='wrong',
       datasetGroupArn=group_arn + '-gone', filterExpression=expressions['genres'])

dataset_arn = group_arn.replace(':dataset-group/', ':dataset/') + '/ITEMS'
raises(errors.ResourceInUseException, personalize.delete_dataset, datasetArn=dataset_arn)
for name in expressions:
    personalize.delete_filter(filterArn=prefix + name)
    raises(errors.ResourceNotFoundException, personalize.describe_filter, filterArn=prefix + name)
equal(personalize.list_filters(datasetGroupArn=group_arn)['Filters'], [])
personalize.delete_dataset(datasetArn=dataset_arn)
print('done')
