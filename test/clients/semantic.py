"""Similar items by their texts, with an unmodified boto3: a dataset group that has items and nothing else.

usage: semantic.py ENDPOINT BUCKETS_FOLDER

Ends with code 0 and the word "done" if everything was as AWS has it.
"""
import csv
import json
import pathlib
import sys
import time
import urllib.parse
import urllib.request

from steps import clients, equal, soon

endpoint, buckets = sys.argv[1:]
personalize, runtime, events = clients(endpoint, 'eu-west-1')
recipe = 'arn:aws:personalize:::recipe/aws-semantic-similarity'
now = int(time.time())


def settled(describe, member, **arn):
    deadline = time.time() + 120
    while time.time() < deadline:
        described = describe(**arn)[member]
        if described['status'] in ('ACTIVE', 'CREATE FAILED'):
            return described
        time.sleep(0.1)
    raise AssertionError(f'{arn} has not settled')


themes = {
    'space': 'rocket planet stars galaxy astronaut orbit comet moon'.split(),
    'kitchen': 'oven bread recipe chef soup butter spice pan'.split(),
    'west': 'horse saddle prairie cowboy sheriff ranch canyon dust'.split(),
}
films = {}
for n in range(60):
    for theme, words in themes.items():
        films[f'{theme}{n}'] = (
            f'The {words[n % 8]} and the {words[(n + 3) % 8]}',
            f'A {words[(n * 3) % 8]}, a {words[(n * 5 + 1) % 8]} and a {words[(n * 7 + 2) % 8]} meet in part {n % 7}.',
            ['short', 'long'][n % 2], now - n * 86400)


def schema(name, item_name):
    fields = [
        {'name': 'ITEM_ID', 'type': 'string'},
        {'name': 'TITLE', 'type': 'string', **({'itemName': True} if item_name else {})},
        {'name': 'PLOT', 'type': ['null', 'string'], 'textual': True},
        {'name': 'LENGTH', 'type': 'string', 'categorical': True},
        {'name': 'CREATION_TIMESTAMP', 'type': 'long'}]
    document = {'type': 'record', 'name': 'Items', 'namespace': 'com.amazonaws.personalize.schema',
                'version': '1.0', 'fields': fields}
    return personalize.create_schema(name=name, schema=json.dumps(document))['schemaArn']


def bring(dataset, name, rows, mode='FULL'):
    path = pathlib.Path(buckets) / 'films' / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open('w', encoding='utf-8', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(['ITEM_ID', 'TITLE', 'PLOT', 'LENGTH', 'CREATION_TIMESTAMP'])
        writer.writerows([id, *row] for id, row in rows.items())
    job = personalize.create_dataset_import_job(
        jobName=name.replace('.', '-'), datasetArn=dataset, dataSource={'dataLocation': f's3://films/{name}'},
        roleArn='arn:aws:iam::000000000000:role/Any', importMode=mode)['datasetImportJobArn']
    equal(settled(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=job)['status'],
          'ACTIVE')


def prepared(name, item_name=True):
    """A dataset group with films, and a version of a solution that has settled."""
    group = personalize.create_dataset_group(name=name)['datasetGroupArn']
    settled(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=group)
    dataset = personalize.create_dataset(
        name='items', schemaArn=schema(name, item_name), datasetGroupArn=group, datasetType='Items')['datasetArn']
    bring(dataset, f'{name}.csv', films)
    solution = personalize.create_solution(
        name=name, datasetGroupArn=group, recipeArn=recipe, performAutoTraining=False,
        performIncrementalUpdate=True)['solutionArn']
    equal(personalize.describe_solution(solutionArn=solution)['solution']['performIncrementalUpdate'], True)
    arn = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
    version = settled(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=arn)
    return group, dataset, version


_, _, failed = prepared('nameless', item_name=False)
equal(failed['status'], 'CREATE FAILED')
assert 'no string field with "itemName": true' in failed['failureReason'], failed['failureReason']

group, dataset, version = prepared('films')
equal(version['status'], 'ACTIVE')
arn = version['solutionVersionArn']
metrics = personalize.get_solution_metrics(solutionVersionArn=arn)['metrics']
assert metrics['coverage'] > 0.9, metrics


def campaign(name, **config):
    created = personalize.create_campaign(
        name=name, solutionVersionArn=arn, minProvisionedTPS=1, campaignConfig=config)['campaignArn']
    described = settled(personalize.describe_campaign, 'campaign', campaignArn=created)
    equal(described['status'], 'ACTIVE')
    return created


plain = campaign('plain')


def beside(item, count=10, campaign=plain, **more):
    answer = runtime.get_recommendations(campaignArn=campaign, itemId=item, numResults=count, **more)
    return answer['itemList']


def ids(*question, **more):
    return [item['itemId'] for item in beside(*question, **more)]


for theme in themes:
    found = ids(f'{theme}5')
    equal(len(found), 10)
    assert f'{theme}5' not in found
    assert all(item.startswith(theme) for item in found), found

# Metadata without any setting; scores are not shown.
first = beside('space5', metadataColumns={'ITEMS': ['TITLE', 'LENGTH']})[0]
equal(first['metadata'], {'title': films[first['itemId']][0], 'length': films[first['itemId']][2]})
assert 'score' not in first

# A filter decides among all items.
filter_arn = personalize.create_filter(
    name='short', datasetGroupArn=group,
    filterExpression='INCLUDE ItemID WHERE Items.LENGTH IN ("short")')['filterArn']
settled(personalize.describe_filter, 'filter', filterArn=filter_arn)
short = ids('space5', filterArn=filter_arn)
equal({films[item][2] for item in short}, {'short'})

# Newer films come first where freshness weighs.
fresh = campaign('fresh', rankingInfluence={'FRESHNESS': 1.0})
age = {item: row[3] for item, row in films.items()}
plainly = [age[item] for item in ids('space41', 25)]
freshly = [age[item] for item in ids('space41', 25, campaign=fresh)]
assert sum(freshly) > sum(plainly), (freshly, plainly)
assert all(item.startswith('space') for item in ids('space41', 10, campaign=fresh))


# A new item is found without a training: as the item that is asked about, and among those beside others.
def put(item, title, plot, length='short'):
    properties = {'title': title, 'plot': plot, 'length': length, 'creationTimestamp': now}
    events.put_items(datasetArn=dataset, items=[{'itemId': item, 'properties': json.dumps(properties)}])



title, plot = films['west7'][:2]
put('western', title, plot)
soon(lambda: equal(ids('west7', 1), ['western']))
soon(lambda: equal(ids('western', 1), ['west7']))
equal({films.get(item, ('', '', 'short'))[2] for item in ids('west7', 30, filterArn=filter_arn)}, {'short'})

# An item that changes is found by what it says now.
put('kitchen9', *films['space9'][:2])
soon(lambda: equal(ids('space9', 1), ['kitchen9']))
assert all(item.startswith('space') for item in ids('kitchen9', 10)), ids('kitchen9', 10)
assert 'kitchen9' not in ids('kitchen8', 55)

# So is one that an import brings.
bring(dataset, 'more.csv', {'imported': (*films['space11'][:2], 'long', now)}, 'INCREMENTAL')
soon(lambda: equal(ids('space11', 1), ['imported']))
equal(ids('western', 1), ['west7'])


# An explanation knows both by their texts.
def explained(item, count):
    query = urllib.parse.urlencode({'campaignArn': plain, 'itemId': item, 'numResults': count})
    with urllib.request.urlopen(f'{endpoint}/admin/explain?{query}') as answer:
        return json.load(answer)


equal(explained('space11', 2)['items'][0]['why'], f'Number 1 by how much its text is like {films["space11"][0]} (space11).')
by_text = explained('western', 3)
equal([(item['origin'], item['rank']) for item in by_text['items']], [('similar', 1), ('similar', 2), ('similar', 3)])
assert by_text['summary'][0].startswith('These are the items whose texts are most like'), by_text['summary']
print('done')
