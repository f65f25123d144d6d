"""A domain dataset group and all its use cases with an unmodified boto3, on generated data.

usage: domains.py ENDPOINT BUCKETS_FOLDER ECOMMERCE|VIDEO_ON_DEMAND

Ends with code 0 if everything was as AWS has it.
"""
import csv
import json
import pathlib
import random
import sys
import threading
import time

from steps import clients, equal, role, wait

endpoint, buckets, domain = sys.argv[1:]
personalize, runtime, events = clients(endpoint)
is_shop = domain == 'ECOMMERCE'
name = domain.lower().replace('_', '-')
now = int(time.time())
random.seed(7)

# The use cases by their recipes: ids that a request needs, and the event by which items are left out.
use_cases = {
    'aws-ecomm-popular-items-by-views': (['userId'], None),
    'aws-ecomm-popular-items-by-purchases': (['userId'], None),
    'aws-ecomm-frequently-bought-together': (['itemId'], None),
    'aws-ecomm-customers-who-viewed-x-also-viewed': (['userId', 'itemId'], 'Purchase'),
    'aws-ecomm-recommended-for-you': (['userId'], 'Purchase'),
} if is_shop else {
    'aws-vod-because-you-watched-x': (['userId', 'itemId'], 'Watch'),
    'aws-vod-more-like-x': (['userId', 'itemId'], 'Watch'),
    'aws-vod-most-popular': (['userId'], None),
    'aws-vod-trending-now': ([], None),
    'aws-vod-top-picks': (['userId'], 'Watch'),
}
personal = 'aws-ecomm-recommended-for-you' if is_shop else 'aws-vod-top-picks'
taken = 'Purchase' if is_shop else 'Watch'
looked = 'View' if is_shop else 'Click'


def refused(call, message, error='InvalidInputException'):
    try:
        answer = call()
    except personalize.exceptions.ClientError as raised:
        equal(raised.response['Error']['Code'], error)
        assert message in str(raised), raised
        return
    raise AssertionError(f'{answer} was not refused: {message}')


def everything(list_resources, member, **of):
    """All that a list has, page after page."""
    found = []
    while True:
        page = list_resources(**of)
        found += page[member]
        if 'nextToken' not in page:
            return found
        of['nextToken'] = page['nextToken']


def schema(kind, fields):
    return json.dumps(dict(
        type='record', name=kind, namespace='com.amazonaws.personalize.schema', fields=fields, version='1.0'))


def text(column, **more):
    return dict(name=column, type='string', **more)


# The default schemas of the domain.
interactions_fields = [text('USER_ID'), text('ITEM_ID'), text('EVENT_TYPE'), dict(name='TIMESTAMP', type='long')]
items_fields = [
    text('ITEM_ID'), dict(name='PRICE', type='float'), dict(name='CATEGORY_L1', type=['string'], categorical=True),
] if is_shop else [
    text('ITEM_ID'), dict(name='GENRES', type=['string'], categorical=True),
    dict(name='CREATION_TIMESTAMP', type='long'),
]
users_fields = [text('USER_ID'), text('MEMBERSHIP_STATUS' if is_shop else 'SUBSCRIPTION_MODEL', categorical=True)]
category = 'CATEGORY_L1' if is_shop else 'GENRES'


def create_group(group_name):
    created = personalize.create_dataset_group(name=group_name, domain=domain)
    equal(created['domain'], domain)
    arn = created['datasetGroupArn']
    equal(wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=arn)['domain'], domain)
    return arn


def create_dataset(group_arn, kind, schema_arn, prefix=name):
    arn = personalize.create_dataset(
        name=f'{prefix}-{kind}', datasetGroupArn=group_arn, datasetType=kind, schemaArn=schema_arn)['datasetArn']
    wait(personalize.describe_dataset, 'dataset', datasetArn=arn)
    return arn


def import_rows(dataset_arn, kind, fields, rows, prefix=name):
    path = pathlib.Path(buckets) / prefix / f'{kind}.csv'
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='') as file:
        csv.writer(file).writerows([[field['name'] for field in fields], *rows])
    arn = personalize.create_dataset_import_job(
        jobName=f'{prefix}-{kind}', datasetArn=dataset_arn, roleArn=role,
        dataSource=dict(dataLocation=f's3://{prefix}/{kind}.csv'))['datasetImportJobArn']
    wait(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=arn)


# --- Data: people of two tastes, who now and then try something else. What they take, they take in twos.
def liked(taste):
    own = taste if random.random() < 0.9 else 'ba'['ab'.index(taste)]
    return f'{own}{min(random.randrange(40), random.randrange(40))}'


users = [f'{taste}-user{n}' for taste in 'ab' for n in range(60)]
items = [f'{taste}{n}' for taste in 'ab' for n in range(40)]
interactions = []
for n, user in enumerate(users):
    for visit in range(8):
        at = now - 86_400 * (40 - 4 * visit) + 60 * n
        seen = [liked(user[0]) for _ in range(4)]
        interactions += [[user, item, looked, at + 5 * k] for k, item in enumerate(seen)]
        interactions += [[user, item, taken, at + 60 + k] for k, item in enumerate(seen[:2])]
genre = {'a': 'Garden' if is_shop else 'Comedy', 'b': 'Kitchen' if is_shop else 'Drama|Crime'}
item_rows = [
    [item, 5 + n, genre[item[0]]] if is_shop else [item, genre[item[0]], now - 86_400 * (400 + n)]
    for n, item in enumerate(items)]
user_rows = [[user, 'gold' if n % 3 == 0 else 'free'] for n, user in enumerate(users)]

# --- Schemas, a dataset group and its datasets.
other = 'VIDEO_ON_DEMAND' if is_shop else 'ECOMMERCE'
refused(
    lambda: personalize.create_schema(
        name=f'{name}-untyped', domain=domain, schema=schema('Interactions', interactions_fields[:2])),
    f'is required for INTERACTIONS in the domain {domain}')
refused(
    lambda: personalize.create_schema(name=f'{name}-bare', domain=domain, schema=schema('Items', items_fields[:2])),
    f'is required for ITEMS in the domain {domain}')
refused(
    lambda: personalize.create_schema(
        name=f'{name}-plain', domain=domain,
        schema=schema('Items', [*items_fields, text('PRODUCT_DESCRIPTION')])),
    'PRODUCT_DESCRIPTION must be "textual": true')
group = create_group(name)
assert (name, domain) in [
    (one['name'], one.get('domain')) for one in everything(personalize.list_dataset_groups, 'datasetGroups')]
schemas = {}
for kind, fields in (('Interactions', interactions_fields), ('Items', items_fields), ('Users', users_fields)):
    schemas[kind] = personalize.create_schema(
        name=f'{name}-{kind}', domain=domain, schema=schema(kind, fields))['schemaArn']
    equal(personalize.describe_schema(schemaArn=schemas[kind])['schema']['domain'], domain)
assert all(
    one['domain'] == domain for one in everything(personalize.list_schemas, 'schemas')
    if one['schemaArn'] in schemas.values())
without_domain = personalize.create_schema(
    name=f'{name}-none', schema=schema('Interactions', interactions_fields))['schemaArn']
refused(lambda: create_dataset(group, 'Interactions', without_domain), 'they must be the same')
refused(lambda: create_dataset(group, 'Actions', schemas['Items']), 'cannot have a dataset of type ACTIONS')
use_case_arns = {use_case: f'arn:aws:personalize:::recipe/{use_case}' for use_case in use_cases}
refused(
    lambda: personalize.create_recommender(
        name='early', datasetGroupArn=group, recipeArn=use_case_arns[personal]), 'needs an Interactions dataset')
datasets = {kind: create_dataset(group, kind, arn) for kind, arn in schemas.items()}
import_rows(datasets['Interactions'], 'Interactions', interactions_fields, interactions)
import_rows(datasets['Items'], 'Items', items_fields, item_rows)
import_rows(datasets['Users'], 'Users', users_fields, user_rows)

# --- Recommenders of all its use cases.
recipes = everything(personalize.list_recipes, 'recipes', domain=domain)
equal(sorted(recipe['recipeArn'] for recipe in recipes), sorted(use_case_arns.values()))
equal({recipe['domain'] for recipe in recipes}, {domain})
elsewhere = 'aws-vod-top-picks' if is_shop else 'aws-ecomm-recommended-for-you'
refused(
    lambda: personalize.create_recommender(
        name='wrong', datasetGroupArn=group, recipeArn=f'arn:aws:personalize:::recipe/{elsewhere}'),
    f'is for the domain {other}')
refused(
    lambda: personalize.create_solution(name='wrong', datasetGroupArn=group, recipeArn=use_case_arns[personal]),
    'create a recommender')
arns = {}
for use_case in use_cases:
    config = dict(enableMetadataWithRecommendations=True, minRecommendationRequestsPerSecond=2)
    if use_case == personal:
        config['itemExplorationConfig'] = dict(explorationWeight='0', explorationItemAgeCutOff='30')
    arns[use_case] = personalize.create_recommender(
        name=use_case, datasetGroupArn=group, recipeArn=use_case_arns[use_case], recommenderConfig=config,
    )['recommenderArn']
for use_case, arn in arns.items():
    described = wait(personalize.describe_recommender, 'recommender', recommenderArn=arn)
    equal(described['datasetGroupArn'], group)
    equal(described['recipeArn'], use_case_arns[use_case])
    equal(described['recommenderConfig']['minRecommendationRequestsPerSecond'], 2)
    assert 0 < described['modelMetrics']['coverage'] <= 1, described
listed = personalize.list_recommenders(datasetGroupArn=group, maxResults=100)['recommenders']
equal(sorted(one['recommenderArn'] for one in listed), sorted(arns.values()))
assert all(one['status'] == 'ACTIVE' and 'recommenderConfig' in one and 'modelMetrics' not in one for one in listed)

# --- Recommendations.
user, item = 'a-user7', 'a0'


def recommended(use_case, **request):
    asked = dict(userId=user, itemId=item, numResults=20)
    answer = runtime.get_recommendations(recommenderArn=arns[use_case], **{**asked, **request})
    assert answer['recommendationId'].startswith('RID-'), answer
    assert all('score' not in one for one in answer['itemList']), answer
    return [one['itemId'] for one in answer['itemList']]


def taken_by(user):
    return {i for u, i, event, _ in interactions if u == user and event == taken}


for use_case, (ids, leaves_out) in use_cases.items():
    given = dict(userId=user, itemId=item)
    assert runtime.get_recommendations(
        recommenderArn=arns[use_case], **{one: given[one] for one in ids})['itemList'], use_case
    for one in ids:
        others = {other: given[other] for other in ids if other != one}
        refused(lambda: runtime.get_recommendations(recommenderArn=arns[use_case], **others), f'{one} is required')
    found = recommended(use_case)
    equal(len(found), len(set(found)))
    if leaves_out:
        assert found and not set(found) & taken_by(user), (use_case, found, taken_by(user))
    # People and items that nobody has heard of are no error.
    assert recommended(use_case, userId='nobody', itemId='nothing')
own_taste = [found[0] for found in recommended(personal)].count('a')
assert own_taste > 15, own_taste
refused(lambda: runtime.get_recommendations(userId=user), 'Exactly one of campaignArn and recommenderArn')

# --- Metadata.
wanted = dict(ITEMS=[category])
for one in runtime.get_recommendations(
        recommenderArn=arns[personal], userId=user, metadataColumns=wanted)['itemList']:
    equal(one['metadata'], {category.lower(): genre[one['itemId'][0]]})

# --- Filters and promotions, beside the automatic filter.
filters = {}
for filter_name, expression in (
        ('category', f'INCLUDE ItemID WHERE Items.{category} IN ($C)'),
        ('looked', f'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("{looked}")')):
    filters[filter_name] = personalize.create_filter(
        name=f'{name}-{filter_name}', datasetGroupArn=group, filterExpression=expression)['filterArn']
    wait(personalize.describe_filter, 'filter', filterArn=filters[filter_name])
kind = genre['b'].split('|')[0]
of_kind = dict(filterArn=filters['category'], filterValues={'C': f'"{kind}"'})
for use_case, (_, leaves_out) in use_cases.items():
    found = recommended(use_case, **of_kind)
    equal({one[0] for one in found}, {'b'})
    if leaves_out:
        assert not set(found) & taken_by(user), found
refused(lambda: recommended(personal, filterArn=filters['category']), 'filterValues')
unseen = recommended(personal, filterArn=filters['looked'])
assert unseen and not set(unseen) & {i for u, i, _, _ in interactions if u == user}, unseen
for use_case in use_cases:
    answer = runtime.get_recommendations(
        recommenderArn=arns[use_case], userId=user, itemId=item, numResults=10,
        promotions=[dict(name='other-taste', percentPromotedItems=20, **of_kind)])
    promoted = [one['itemId'] for one in answer['itemList'] if one.get('promotionName') == 'other-taste']
    assert len(promoted) == 2 and all(one[0] == 'b' for one in promoted), answer

# --- Events count in the next request.
tracker = personalize.create_event_tracker(name=f'{name}-web', datasetGroupArn=group)
wait(personalize.describe_event_tracker, 'eventTracker', eventTrackerArn=tracker['eventTrackerArn'])


def put(event_type, item_id, of=user):
    events.put_events(trackingId=tracker['trackingId'], userId=of, sessionId=f'{of}-today', eventList=[
        dict(eventType=event_type, itemId=item_id, sentAt=int(time.time()))])


for use_case, (_, leaves_out) in use_cases.items():
    first = recommended(use_case)[0]
    put(looked, first)
    if use_case != personal and 'trending' not in use_case:
        equal(recommended(use_case)[0], first)
    put(taken.upper() if use_case == personal else taken, first)
    assert (first in recommended(use_case)) == (leaves_out is None), use_case
for n in range(5):
    put(looked, f'b{n}', of='visitor')
assert sum(one[0] == 'b' for one in recommended(personal, userId='visitor')) > 12
put(taken, recommended(personal, userId='visitor')[0], of='visitor')

# --- Stop, start, update and delete, while requests come: each is answered as ever, or refused with the reason.
unexpected = []
asked = {'answered': 0, 'refused': 0}
is_over = threading.Event()


def keep_asking():
    while not is_over.is_set():
        try:
            left = set(recommended(personal)) & (taken_by(user) | {taken_today})
            asked['answered'] += 1
            if left:
                unexpected.append(left)
        except runtime.exceptions.ClientError as error:
            asked['refused'] += 1
            if 'is in status' not in str(error) and 'does not exist' not in str(error):
                unexpected.append(error)


taken_today = recommended(personal)[0]
put(taken, taken_today)
askers = [threading.Thread(target=keep_asking) for _ in range(2)]
for asker in askers:
    asker.start()
personalize.stop_recommender(recommenderArn=arns[personal])
wait(personalize.describe_recommender, 'recommender', ends=('INACTIVE',), recommenderArn=arns[personal])
refused(lambda: recommended(personal), 'is in status INACTIVE; it must be ACTIVE')
refused(lambda: personalize.stop_recommender(recommenderArn=arns[personal]), 'INACTIVE', 'ResourceInUseException')
personalize.start_recommender(recommenderArn=arns[personal])
wait(personalize.describe_recommender, 'recommender', recommenderArn=arns[personal])
assert not set(recommended(personal)) & taken_by(user)
config = dict(enableMetadataWithRecommendations=False, minRecommendationRequestsPerSecond=1)
personalize.update_recommender(recommenderArn=arns[personal], recommenderConfig=config)
deadline = time.time() + 120
while True:
    described = personalize.describe_recommender(recommenderArn=arns[personal])['recommender']
    equal(described['status'], 'ACTIVE')
    if described['latestRecommenderUpdate']['status'] == 'ACTIVE':
        break
    assert time.time() < deadline, described
    time.sleep(0.1)
refused(lambda: recommended(personal, metadataColumns=wanted), 'gives no metadata')

personalize.delete_recommender(recommenderArn=arns[personal])
time.sleep(0.2)
is_over.set()
for asker in askers:
    asker.join()
equal(unexpected, [])
assert asked['answered'] > 0 and asked['refused'] > 0, asked
refused(lambda: recommended(personal), 'does not exist', 'ResourceNotFoundException')

# --- Too few events of the type that a use case needs.
few = create_group(f'{name}-few')
few_interactions = create_dataset(few, 'Interactions', schemas['Interactions'], f'{name}-few')
rare = looked if is_shop else taken
common = taken if is_shop else looked
import_rows(
    few_interactions, 'Interactions', interactions_fields,
    [[u, i, common if n else rare, at] for n, (u, i, _, at) in enumerate(interactions)], f'{name}-few')
needy = 'aws-ecomm-popular-items-by-views' if is_shop else 'aws-vod-most-popular'
arn = personalize.create_recommender(
    name='needy', datasetGroupArn=few, recipeArn=use_case_arns[needy])['recommenderArn']
failed = wait(personalize.describe_recommender, 'recommender', ends=('CREATE FAILED',), recommenderArn=arn)
assert f'fewer than 1000 interactions after filtering by event type: {rare}' in failed['failureReason'], failed
refused(lambda: runtime.get_recommendations(recommenderArn=arn, userId=user, itemId=item), 'CREATE FAILED')
personalize.delete_recommender(recommenderArn=arn)

# --- The end, in the order of the service's guide.
del arns[personal]
for arn in arns.values():
    personalize.delete_recommender(recommenderArn=arn)
    refused(
        lambda: personalize.describe_recommender(recommenderArn=arn), 'does not exist', 'ResourceNotFoundException')
    refused(
        lambda: runtime.get_recommendations(recommenderArn=arn, userId=user, itemId=item), 'does not exist',
        'ResourceNotFoundException')
personalize.delete_event_tracker(eventTrackerArn=tracker['eventTrackerArn'])
for arn in filters.values():
    personalize.delete_filter(filterArn=arn)
for arn in [*datasets.values(), few_interactions]:
    personalize.delete_dataset(datasetArn=arn)
for arn in (group, few):
    personalize.delete_dataset_group(datasetGroupArn=arn)
for arn in [*schemas.values(), without_domain]:
    personalize.delete_schema(schemaArn=arn)
print('done')
