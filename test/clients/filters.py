"""Filters, promotions, metadata and context with an unmodified boto3, on generated data like that of MovieLens 100K.

usage: filters.py ENDPOINT BUCKETS_FOLDER

Every expected list is worked out here: from the unfiltered list of the same user and the generated data, in plain
Python. Ends with code 0 and the word "done" if everything was as AWS has it.
"""
import csv
import json
import pathlib
import random
import sys
import time

from steps import clients, equal, role, soon, wait

endpoint, buckets = sys.argv[1:]
personalize, runtime, events = clients(endpoint, 'eu-west-1')
recipe = 'arn:aws:personalize:::recipe/'
now = int(time.time())


def refused(call, *words, exception='InvalidInputException', status=None, **arguments):
    """The call must fail, with a message that has these words, and with this status of HTTP."""
    try:
        call(**arguments)
    except Exception as error:
        equal(type(error).__name__, exception)
        assert status in (None, error.response['ResponseMetadata']['HTTPStatusCode']), error.response
        message = error.response['Error']['Message']
        for word in words:
            assert word in message, message
        return message
    raise AssertionError(f'{arguments} was not refused')


# Generated data. An item in twenty has no genre, another no price, a third no record at all.
genres = ['Action', 'Comedy', 'Drama', 'Horror', 'Romance', 'Sci-Fi', 'Thriller', 'War']
chance = random.Random(12)
catalogue = {}
for n in range(240):
    catalogue[f'm{n}'] = {
        'GENRES': '|'.join(chance.sample(genres, chance.randint(1, 3))) if n % 20 else '',
        'PRICE': f'{chance.randint(0, 4000) / 100}' if n % 20 != 1 else '',
        'YEAR': str(chance.randint(1950, 2024)),
        'TITLE': f'Film “{n}”, part {chance.randint(1, 3)}',
        'CREATION_TIMESTAMP': str(now - chance.randint(1, 900) * 86400),
    }
described = {item: row for n, (item, row) in enumerate(catalogue.items()) if n % 20 != 2}
people = {f'u{n}': {'AGE': str(chance.randint(8, 70)), 'TIER': chance.choice(['gold', 'silver'])} for n in range(120)}
liked = {user: chance.sample(genres, 2) for user in people}
rows = []
for user in people:
    pool = [item for item, row in catalogue.items() if set(row['GENRES'].split('|')) & set(liked[user])]
    for item in chance.sample(pool, 25) + chance.sample(list(catalogue), 6):
        kind = chance.choice(['view', 'view', 'click', 'Purchase'])
        rows.append([user, item, now - chance.randint(1, 80) * 86400, kind, chance.choice(['tv', 'phone'])])
# Every item is known to the model.
for n, item in enumerate(catalogue):
    rows.append([f'u{n % 120}', item, now - 90 * 86400, 'view', 'tv'])


def write(name, header, lines):
    path = pathlib.Path(buckets) / 'filters' / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open('w', encoding='utf-8', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(lines)
    return f's3://filters/{name}'


def schema(name, fields):
    text = json.dumps({
        'type': 'record', 'name': name, 'namespace': 'com.amazonaws.personalize.schema', 'version': '1.0',
        'fields': fields})
    return personalize.create_schema(name=f'filters-{name.lower()}', schema=text)['schemaArn']


def text_field(name, categorical=False):
    return {'name': name, 'type': ['null', 'string'], **({'categorical': True} if categorical else {})}


group = personalize.create_dataset_group(name='filters')['datasetGroupArn']
wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=group)
item_fields = [
    {'name': 'ITEM_ID', 'type': 'string'}, text_field('GENRES', True), {'name': 'PRICE', 'type': ['null', 'float']},
    {'name': 'YEAR', 'type': 'int'}, text_field('TITLE'), {'name': 'CREATION_TIMESTAMP', 'type': 'long'}]
user_fields = [
    {'name': 'USER_ID', 'type': 'string'}, {'name': 'AGE', 'type': 'int'}, {'name': 'TIER', 'type': 'string', 'categorical': True}]
event_fields = [
    {'name': 'USER_ID', 'type': 'string'}, {'name': 'ITEM_ID', 'type': 'string'}, {'name': 'TIMESTAMP', 'type': 'long'},
    {'name': 'EVENT_TYPE', 'type': 'string'}, {'name': 'DEVICE', 'type': ['null', 'string'], 'categorical': True}]
datasets = {}
for kind, name, fields, lines in [
    ('Items', 'Items', item_fields, [[item, *row.values()] for item, row in described.items()]),
    ('Users', 'Users', user_fields, [[user, *row.values()] for user, row in people.items()]),
    ('Interactions', 'Interactions', event_fields, rows),
]:
    datasets[kind] = personalize.create_dataset(
        name=kind, schemaArn=schema(name, fields), datasetGroupArn=group, datasetType=kind)['datasetArn']
    wait(personalize.describe_dataset, 'dataset', datasetArn=datasets[kind])
    location = write(f'{kind}.csv', [field['name'] for field in fields], lines)
    job = personalize.create_dataset_import_job(
        jobName=f'filters-{kind}', datasetArn=datasets[kind], roleArn=role,
        dataSource={'dataLocation': location})['datasetImportJobArn']
    wait(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=job)
tracking_id = personalize.create_event_tracker(name='filters', datasetGroupArn=group)['trackingId']

recipes = {
    'personal': 'aws-user-personalization', 'next': 'aws-user-personalization-v2', 'related': 'aws-sims',
    'popular': 'aws-popularity-count', 'ranking': 'aws-personalized-ranking'}
versions = {}
for name, recipe_name in recipes.items():
    solution = personalize.create_solution(
        name=f'filters-{name}', datasetGroupArn=group, recipeArn=recipe + recipe_name,
        performAutoTraining=False)['solutionArn']
    versions[name] = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
campaigns = {}
for name, arn in versions.items():
    wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=arn)
    # The lists of the models alone, without new items that exploration brings.
    config = {'itemExplorationConfig': {'explorationWeight': '0'}} if name == 'personal' else {}
    if name in ('personal', 'ranking'):
        config['enableMetadataWithRecommendations'] = True
    campaigns[name] = personalize.create_campaign(
        name=f'filters-{name}', solutionVersionArn=arn, campaignConfig=config)['campaignArn']
for arn in campaigns.values():
    wait(personalize.describe_campaign, 'campaign', campaignArn=arn)


def recommend(campaign, **arguments):
    return runtime.get_recommendations(campaignArn=campaigns[campaign], **arguments)['itemList']


def ids(items):
    return [item['itemId'] for item in items]


def make(name, expression, of=None):
    """Creates a filter. @returns its ARN"""
    arn = personalize.create_filter(
        name=name, datasetGroupArn=of or group, filterExpression=expression)['filterArn']
    equal(wait(personalize.describe_filter, 'filter', filterArn=arn)['filterExpression'], expression)
    return arn


# What is said of an item: nothing of those without a record.
def has(item, *wanted):
    return bool(set(described.get(item, {}).get('GENRES', '').split('|')) & set(wanted))


def number(item, column):
    text = described.get(item, {}).get(column, '')
    return None if text == '' else float(text)


def at_most(item, column, most):
    value = number(item, column)
    return value is not None and value <= most


def events_of(user, *kinds):
    return {item for who, item, _, kind, _ in rows if who == user and kind.lower() in kinds}


asker = 'u7'
everything = {
    'personal': ids(recommend('personal', userId=asker, numResults=500)),
    'related': ids(recommend('related', itemId='m9', numResults=500)),
    'popular': ids(recommend('popular', numResults=500)),
}
equal(len(everything['personal']), len(catalogue))
equal(len(everything['popular']), len(catalogue))
subjects = {'personal': {'userId': asker}, 'popular': {'userId': asker}, 'related': {'itemId': 'm9', 'userId': asker}}

cases = [
    ('comedies', 'INCLUDE ItemID WHERE Items.GENRES IN ("Comedy")', {}, lambda i: has(i, 'Comedy')),
    ('not-horror', 'EXCLUDE ItemID WHERE Items.GENRES IN ("Horror", "War")', {}, lambda i: not has(i, 'Horror', 'War')),
    ('case-counts', 'INCLUDE ItemID WHERE Items.GENRES IN ("comedy")', {}, lambda i: False),
    ('only-news', 'EXCLUDE ItemID WHERE Items.GENRES NOT IN ("Drama")', {}, lambda i: has(i, 'Drama')),
    ('cheap', 'INCLUDE ItemID WHERE Items.PRICE <= 20', {}, lambda i: at_most(i, 'PRICE', 20)),
    ('not-dear', 'EXCLUDE ItemID WHERE Items.PRICE > 20', {},
     lambda i: number(i, 'PRICE') is None or number(i, 'PRICE') <= 20),
    ('range', 'INCLUDE ItemID WHERE Items.YEAR >= 2001 AND Items.YEAR <= 2005', {},
     lambda i: number(i, 'YEAR') is not None and 2001 <= number(i, 'YEAR') <= 2005),
    ('either', 'INCLUDE ItemID WHERE Items.GENRES IN ("War") OR Items.YEAR > 2020', {},
     lambda i: has(i, 'War') or (number(i, 'YEAR') or 0) > 2020),
    ('bought', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase")', {},
     lambda i: i not in events_of(asker, 'purchase')),
    ('again', 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view", "click")', {},
     lambda i: i in events_of(asker, 'view', 'click')),
    ('untouched', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN (*)', {},
     lambda i: i not in events_of(asker, 'view', 'click', 'purchase')),
    ('union', 'INCLUDE ItemID WHERE Items.GENRES IN ($G) | INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase")',
     {'G': '"Sci-Fi"'}, lambda i: has(i, 'Sci-Fi') or i in events_of(asker, 'purchase')),
    ('all-three',
     'INCLUDE ItemID WHERE Items.GENRES IN ($G) AND Items.PRICE <= $MAX AND Items.YEAR >= $SINCE'
     ' | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($TYPES)',
     {'G': '"Comedy","Drama"', 'MAX': '"25"', 'SINCE': '1980', 'TYPES': '"Purchase"', 'UNUSED': '"x"'},
     lambda i: has(i, 'Comedy', 'Drama') and at_most(i, 'PRICE', 25) and number(i, 'YEAR') >= 1980
     and i not in events_of(asker, 'purchase')),
    ('left-out', 'EXCLUDE ItemID WHERE Items.GENRES IN ($G) | EXCLUDE ItemID WHERE Items.YEAR < 1990', {},
     lambda i: number(i, 'YEAR') is None or number(i, 'YEAR') >= 1990),
    ('young', f'EXCLUDE ItemID WHERE Items.GENRES IN ("Horror") IF CurrentUser.AGE <= {people[asker]["AGE"]}', {},
     lambda i: not has(i, 'Horror')),
    ('not-young', f'EXCLUDE ItemID WHERE Items.GENRES IN ("Horror") IF CurrentUser.AGE > {people[asker]["AGE"]}', {},
     lambda i: True),
    ('tier', 'INCLUDE ItemID WHERE Items.GENRES IN ("Romance") IF CurrentUser.TIER = $TIER AND CurrentUser.AGE > 0',
     {'TIER': f'"{people[asker]["TIER"]}"'}, lambda i: has(i, 'Romance')),
    ('title', 'INCLUDE ItemID WHERE Items.TITLE IN ($T)',
     {'T': json.dumps(described['m5']['TITLE'], ensure_ascii=False)},
     lambda i: described.get(i, {}).get('TITLE') == described['m5']['TITLE']),
]
filters = {}
for name, expression, values, keeps in cases:
    filters[name] = make(name, expression)
    for campaign, subject in subjects.items():
        expected = [item for item in everything[campaign] if keeps(item)]
        answer = recommend(campaign, filterArn=filters[name], filterValues=values, numResults=25, **subject)
        equal((name, campaign, ids(answer)), (name, campaign, expected[:25]))
        answer = recommend(campaign, filterArn=filters[name], filterValues=values, numResults=500, **subject)
        equal((name, campaign, ids(answer)), (name, campaign, expected))
    ranked = runtime.get_personalized_ranking(
        campaignArn=campaigns['ranking'], userId=asker, inputList=list(catalogue), filterArn=filters[name],
        filterValues=values)['personalizedRanking']
    equal((name, sorted(ids(ranked))), (name, sorted(item for item in catalogue if keeps(item))))
    # Scores are shares among those that pass.
    assert not ranked or abs(sum(item['score'] for item in ranked) - 1) < 1e-4, ranked

# Items related to one, by what that is.
filters['alike'] = make(
    'alike', 'INCLUDE ItemID WHERE Items.GENRES IN CurrentItem.GENRES AND Items.YEAR >= CurrentItem.YEAR')
expected = [item for item in everything['related'] if has(item, *described['m9']['GENRES'].split('|'))
            and number(item, 'YEAR') >= number('m9', 'YEAR')]
equal(ids(recommend('related', itemId='m9', filterArn=filters['alike'], numResults=500)), expected)
refused(runtime.get_recommendations, campaignArn=campaigns['personal'], userId=asker, filterArn=filters['alike'])

# What is wrong with a request.
ask = dict(call=runtime.get_recommendations, campaignArn=campaigns['personal'], userId=asker)
refused(**ask, filterArn=filters['all-three'], filterValues={'G': '"Comedy"', 'SINCE': '1980'}, status=400)
refused(**ask, filterArn=filters['all-three'], filterValues={'G': '"Comedy"', 'MAX': '"cheap"', 'SINCE': '1980'})
refused(**ask, filterArn=filters['all-three'], filterValues={'G': '"Comedy"', 'MAX': '"1","2"', 'SINCE': '1980'})
refused(**ask, filterArn=filters['comedies'] + '-none', exception='ResourceNotFoundException', status=404)
refused(runtime.get_recommendations, 'userId', campaignArn=campaigns['popular'], filterArn=filters['bought'])
others = personalize.create_dataset_group(name='filters-others')['datasetGroupArn']
wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=others)
theirs = personalize.create_dataset(
    name='Interactions', schemaArn=personalize.describe_dataset(datasetArn=datasets['Interactions'])['dataset']['schemaArn'],
    datasetGroupArn=others, datasetType='Interactions')['datasetArn']
wait(personalize.describe_dataset, 'dataset', datasetArn=theirs)
refused(**ask, filterArn=make('others', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN (*)', others))
assert 'filters-others' in str(personalize.list_filters(datasetGroupArn=others)['Filters'][0])

# An expression that is wrong says where.
for expression, *words in [
    ('INCLUDE ItemID WHERE Items.YEAR BETWEEN 2001 AND 2005', 'character 33'),
    ('INCLUDE ItemID WHERE Items.GENRES NOT IN ($G)',
     'Invalid input symbol: $G. Placeholders are not allowed with NOT_IN operator.'),
    ('EXCLUDE ItemID WHERE Interactions.DEVICE IN ("tv")', 'EVENT_TYPE is the only field'),
    ('INCLUDE ItemID WHERE Items.MOOD IN ("glad")', 'MOOD'),
]:
    refused(personalize.create_filter, *words, name='wrong', datasetGroupArn=group, filterExpression=expression)
refused(personalize.create_filter, 'already exists', exception='ResourceAlreadyExistsException',
        name='cheap', datasetGroupArn=group, filterExpression=cases[4][1])
listed = [one['name'] for page in personalize.get_paginator('list_filters').paginate(
    datasetGroupArn=group, PaginationConfig={'PageSize': 7}) for one in page['Filters']]
equal(sorted(listed), sorted(filters))

# What was bought a moment ago, and what was said of an item a moment ago.
bought = recommend('personal', userId=asker, filterArn=filters['bought'], numResults=5)[0]['itemId']
events.put_events(trackingId=tracking_id, userId=asker, sessionId='s', eventList=[
    {'eventType': 'PURCHASE', 'itemId': bought, 'sentAt': time.time()}])
assert bought not in ids(recommend('personal', userId=asker, filterArn=filters['bought'], numResults=500))
events.put_events(trackingId=tracking_id, sessionId='visitor', eventList=[
    {'eventType': 'view', 'itemId': 'm3', 'sentAt': time.time()}])
equal(ids(recommend('popular', userId='visitor', filterArn=filters['again'])), ['m3'])
events.put_items(datasetArn=datasets['Items'], items=[
    {'itemId': 'm2', 'properties': json.dumps({'genres': 'Opera', 'year': 2001, 'title': 'Now described', 'creationTimestamp': now})}])
filters['opera'] = make('opera', 'INCLUDE ItemID WHERE Items.GENRES IN ("Opera")')
equal(ids(recommend('popular', filterArn=filters['opera'])), ['m2'])
events.put_items(datasetArn=datasets['Items'], items=[
    {'itemId': 'm4', 'properties': json.dumps({'genres': 'Opera|War', 'year': 2001, 'creationTimestamp': now})}])
equal(sorted(ids(recommend('popular', filterArn=filters['opera']))), ['m2', 'm4'])
described['m2'] = {'GENRES': 'Opera', 'YEAR': '2001', 'TITLE': 'Now described'}
described['m4'] = {'GENRES': 'Opera|War', 'YEAR': '2001'}
events.put_users(datasetArn=datasets['Users'], users=[
    {'userId': asker, 'properties': json.dumps({'age': 99, 'tier': 'gold'})}])
assert any(has(item, 'Horror') for item in everything['personal'])
assert not any(has(item, 'Horror') for item in ids(recommend(
    'personal', userId=asker, filterArn=filters['not-young'], numResults=500)))

# An import is seen without a training.
described['m6'] = {**described['m6'], 'GENRES': 'Opera'}
location = write('more.csv', [field['name'] for field in item_fields], [['m6', *described['m6'].values()]])
job = personalize.create_dataset_import_job(
    jobName='filters-more', datasetArn=datasets['Items'], roleArn=role, importMode='INCREMENTAL',
    dataSource={'dataLocation': location})['datasetImportJobArn']
wait(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=job)
soon(lambda: equal(sorted(ids(recommend('popular', filterArn=filters['opera']))), ['m2', 'm4', 'm6']))

# Promotions: a part of the list, in the model's order among themselves, each item once.
filters['promoted'] = make('promoted', 'INCLUDE ItemID WHERE Items.YEAR >= $SINCE')
everything['personal'] = ids(recommend('personal', userId=asker, numResults=500))
for percent, count, promoted_count in [(20, 25, 5), (1, 10, 1), (33, 10, 4), (100, 10, 10)]:
    promotion = {'name': 'new', 'percentPromotedItems': percent, 'filterArn': filters['promoted'],
                 'filterValues': {'SINCE': '"2010"'}}
    items = recommend('personal', userId=asker, numResults=count, promotions=[promotion],
                      filterArn=filters['not-horror'])
    promoted = [item['itemId'] for item in items if item.get('promotionName') == 'new']
    recent = [item for item in everything['personal'] if (number(item, 'YEAR') or 0) >= 2010]
    equal(promoted, recent[:promoted_count])
    others = [item['itemId'] for item in items if 'promotionName' not in item]
    allowed = [item for item in everything['personal'] if not has(item, 'Horror', 'War') and item not in promoted]
    equal(others, allowed[:count - promoted_count])
# A promotion has values of its own, beside those of the list's filter, here without quotes.
filters['genre'] = make('genre', 'INCLUDE ItemID WHERE Items.GENRES IN ($G)')
items = recommend('personal', userId=asker, numResults=10, filterArn=filters['genre'], filterValues={'G': 'Thriller'},
                  promotions=[{'name': 'funny', 'percentPromotedItems': 25, 'filterArn': filters['genre'],
                               'filterValues': {'G': '"Comedy"'}}])
promoted = [item['itemId'] for item in items if item.get('promotionName') == 'funny']
equal(promoted, [item for item in everything['personal'] if has(item, 'Comedy')][:3])
equal([item for item in ids(items) if item not in promoted],
      [item for item in everything['personal'] if has(item, 'Thriller') and item not in promoted][:7])
items = recommend('next', userId=asker, numResults=10, promotions=[{
    'name': 'next', 'percentPromotedItems': 30, 'filterArn': filters['comedies']}])
equal({tuple(item.get('reason', [])) for item in items if 'promotionName' in item}, {('Promoted item',)})
equal(sum('promotionName' in item for item in items), 3)
refused(**ask, promotions=[{'name': 'none', 'percentPromotedItems': 10, 'filterArn': filters['opera'] + 'x'}],
        exception='ResourceNotFoundException')

# Metadata, in lower case.
items = recommend('personal', userId=asker, numResults=50, metadataColumns={'ITEMS': ['TITLE', 'GENRES', 'YEAR']})
for item in items:
    said = described.get(item['itemId'], {})
    expected = {name.lower(): said[name] for name in ('TITLE', 'GENRES', 'YEAR') if said.get(name)}
    equal((item['itemId'], item.get('metadata', {})), (item['itemId'], expected))
ranked = runtime.get_personalized_ranking(
    campaignArn=campaigns['ranking'], userId=asker, inputList=['m5', 'm7'],
    metadataColumns={'ITEMS': ['TITLE']})['personalizedRanking']
equal({item['itemId']: item['metadata'] for item in ranked},
      {item: {'title': described[item]['TITLE']} for item in ('m5', 'm7')})
refused(**ask, metadataColumns={'ITEMS': ['MOOD']})
refused(**ask, metadataColumns={'USERS': ['AGE']})
refused(**ask, numResults=51, metadataColumns={'ITEMS': ['TITLE']})
refused(**ask, metadataColumns={'ITEMS': [f'C{n}' for n in range(11)]})
refused(runtime.get_recommendations, campaignArn=campaigns['popular'], metadataColumns={'ITEMS': ['TITLE']})

# Context: one of the columns counts, whatever its case; others are ignored.
plain = recommend('personal', userId='u3', numResults=10)
equal(recommend('personal', userId='u3', numResults=10, context={'MOOD': 'glad', 'EVENT_TYPE': 'view'}), plain)
on_tv = recommend('personal', userId='u3', numResults=10, context={'DEVICE': 'tv'})
equal(recommend('personal', userId='u3', numResults=10, context={'device': 'tv'}), on_tv)

# A filter that is gone is gone for requests, too.
personalize.delete_filter(filterArn=filters['opera'])
refused(runtime.get_recommendations, campaignArn=campaigns['popular'], filterArn=filters['opera'],
        exception='ResourceNotFoundException')
print('done')
