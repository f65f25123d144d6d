"""Filters, promotions, metadata and contexts with an unmodified boto3.

usage: filtered_answers.py ENDPOINT BUCKETS CAMPAIGNS

The server has the films of `test/support/priced-films.ts`, whose files lie under BUCKETS, and CAMPAIGNS is a JSON object
with the ARNs of the campaigns `user` (which does not explore), `v2`, `related` and `ranking`. What answers must be is
worked out here from the files and the unfiltered list alone. Ends with code 0 and the word "done" if they are so.
"""
import csv
import json
import pathlib
import sys

import boto3

endpoint, buckets, campaigns = sys.argv[1:]
campaigns = json.loads(campaigns)
settings = dict(endpoint_url=endpoint, region_name='us-east-1', aws_access_key_id='any', aws_secret_access_key='any')
personalize = boto3.client('personalize', **settings)
runtime = boto3.client('personalize-runtime', **settings)


def rows(name):
    with open(pathlib.Path(buckets, 'films', f'{name}.csv'), encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


films = {row['ITEM_ID']: row for row in rows('items')}
user = 'ub7'
watched = {row['ITEM_ID'] for row in rows('interactions') if row['USER_ID'] == user}


def genres(item):
    return films[item]['GENRE'].split('|')


def create(name, expression):
    groups = personalize.list_dataset_groups()['datasetGroups']
    [group] = [group['datasetGroupArn'] for group in groups if group['name'] == 'films']
    return personalize.create_filter(name=name, datasetGroupArn=group, filterExpression=expression)['filterArn']


def recommend(campaign='user', **arguments):
    return runtime.get_recommendations(campaignArn=campaigns[campaign], userId=user, **arguments)['itemList']


def ids(items):
    return [item['itemId'] for item in items]


def equal(actual, expected):
    assert actual == expected, f'{actual!r} is not {expected!r}'


every = ids(recommend(numResults=500))
equal(sorted(every), sorted(films))

# Filters: with values, of what the user did, in chains.
by_genre = create('py-genre', 'INCLUDE ItemID WHERE Items.GENRE IN ($GENRES)')
equal(ids(recommend(filterArn=by_genre, filterValues={'GENRES': '"Crime","Thriller"'}, numResults=500)),
      [item for item in every if {'Crime', 'Thriller'} & set(genres(item))])
cheap = create('py-cheap', 'INCLUDE ItemID WHERE Items.PRICE >= 6 AND Items.PRICE < $MAX')
equal(ids(recommend(filterArn=cheap, filterValues={'MAX': '"10"'}, numResults=7)),
      [item for item in every if 6 <= float(films[item]['PRICE']) < 10][:7])
fresh = create('py-fresh', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("WATCH") | '
                           'INCLUDE ItemID WHERE Items.GENRE IN ("Drama")')
equal(ids(recommend(filterArn=fresh, numResults=500)),
      [item for item in every if 'Drama' in genres(item) and item not in watched])

# Promotions: filtered apart, in their order, marked, none twice.
listed = recommend(numResults=10, filterArn=by_genre, filterValues={'GENRES': '"Drama"'}, promotions=[
    {'name': 'funny', 'percentPromotedItems': 25, 'filterArn': by_genre, 'filterValues': {'GENRES': '"Comedy"'}}])
promoted = [item['itemId'] for item in listed if item.get('promotionName') == 'funny']
equal(promoted, [item for item in every if 'Comedy' in genres(item)][:3])
equal([item for item in ids(listed) if item not in promoted], [item for item in every if 'Drama' in genres(item)][:7])

# Metadata, as the service's samples read it.
for item in recommend(numResults=25, metadataColumns={'ITEMS': ['TITLE', 'GENRE']}):
    film = films[item['itemId']]
    equal(item['metadata'], {'title': film['TITLE'], 'genre': film['GENRE']})

# A context that no column of the training has changes nothing.
equal(ids(recommend(numResults=500, context={'WEATHER': 'rain', 'EVENT_TYPE': 'buy'})), every)

# Rankings: what does not pass is dropped, scores are shares of the rest.
ranked = runtime.get_personalized_ranking(campaignArn=campaigns['ranking'], userId=user, inputList=every,
                                          filterArn=by_genre, filterValues={'GENRES': 'Thriller'})
equal(sorted(ids(ranked['personalizedRanking'])), sorted(item for item in every if 'Thriller' in genres(item)))
assert abs(sum(item['score'] for item in ranked['personalizedRanking']) - 1) < 1e-4

# Errors are the service's, with its status codes.
for arguments, exception, status in [
        (dict(filterArn=by_genre), runtime.exceptions.InvalidInputException, 400),
        (dict(filterArn=by_genre + '-none'), runtime.exceptions.ResourceNotFoundException, 404),
        (dict(numResults=51, metadataColumns={'ITEMS': ['TITLE']}), runtime.exceptions.InvalidInputException, 400)]:
    try:
        recommend(**arguments)
    except exception as error:
        equal(error.response['ResponseMetadata']['HTTPStatusCode'], status)
    else:
        raise AssertionError(f'{arguments} was not refused')
print('done')
