"""Metric attribution with an unmodified boto3: created, counted, published to CloudWatch, changed and deleted.

usage: attribution.py ENDPOINT BUCKETS_FOLDER

Ends with code 0 if everything was as AWS has it, and prints the ARNs, the tracking id and the window of its events.
"""
import csv
import json
import pathlib
import sys
import time

from steps import clients, equal, role, wait

endpoint, buckets = sys.argv[1:]
personalize, runtime, events = clients(endpoint)
# An hour ago: the window is closed, so that what is counted is published at once.
window = (int(time.time()) - 3600) // 900 * 900


def refused(call, name, *words):
    try:
        answer = call()
    except personalize.exceptions.ClientError as error:
        equal(error.response['Error']['Code'], name)
        assert all(word in str(error) for word in words), error
        return
    raise AssertionError(f'{answer} was not refused')


def dataset(kind, record, columns, rows):
    fields = [dict(name=name, type=type, **more) for name, type, more in columns]
    schema = dict(type='record', name=record, namespace='com.amazonaws.personalize.schema', fields=fields, version='1.0')
    schema_arn = personalize.create_schema(name=f'shop-{kind}', schema=json.dumps(schema))['schemaArn']
    arn = personalize.create_dataset(
        name=f'shop-{kind}', schemaArn=schema_arn, datasetGroupArn=group, datasetType=kind)['datasetArn']
    imported(arn, kind, [column for column, _, _ in columns], rows)
    return arn


def imported(arn, name, header, rows, **more):
    path = pathlib.Path(buckets) / 'shop' / f'{name}.csv'
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='') as file:
        csv.writer(file).writerows([header, *rows])
    job = personalize.create_dataset_import_job(
        jobName=f'shop-{name}', datasetArn=arn, roleArn=role,
        dataSource=dict(dataLocation=f's3://shop/{name}.csv'), **more)['datasetImportJobArn']
    return wait(personalize.describe_dataset_import_job, 'datasetImportJob', datasetImportJobArn=job)


group = personalize.create_dataset_group(name='shop')['datasetGroupArn']
wait(personalize.describe_dataset_group, 'datasetGroup', datasetGroupArn=group)
text, optional = 'string', ['null', 'string']
columns = [
    ('USER_ID', text, {}), ('ITEM_ID', text, {}), ('EVENT_TYPE', text, {}), ('TIMESTAMP', 'long', {}),
    ('EVENT_VALUE', ['null', 'float'], {}), ('EVENT_ATTRIBUTION_SOURCE', optional, {})]
rows = [(f'u{n % 40}', f'i{n % 25}', 'click', 1600000000 + n, '', '') for n in range(1200)]
interactions = dataset('Interactions', 'Interactions', columns, rows)
dataset('Items', 'Items', [('ITEM_ID', text, {}), ('GENRE', text, dict(categorical=True)), ('PRICE', 'float', {})],
        [(f'i{n}', 'x', n + 0.5) for n in range(25)])
tracking = personalize.create_event_tracker(name='web', datasetGroupArn=group)['trackingId']

# A campaign whose answers events name.
solution = personalize.create_solution(
    name='shop', datasetGroupArn=group,
    recipeArn='arn:aws:personalize:::recipe/aws-popularity-count')['solutionArn']
version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
wait(personalize.describe_solution_version, 'solutionVersion', solutionVersionArn=version)
campaign = personalize.create_campaign(name='front-page', solutionVersionArn=version)['campaignArn']
wait(personalize.describe_campaign, 'campaign', campaignArn=campaign)
recommendation = runtime.get_recommendations(campaignArn=campaign, userId='u1')['recommendationId']

metrics = [
    dict(eventType='click', metricName='clicks', expression='SAMPLECOUNT()'),
    dict(eventType='purchase', metricName='revenue', expression='SUM(Items.PRICE)'),
    dict(eventType='purchase', metricName='paid', expression='SUM(Interactions.EVENT_VALUE)')]
output = dict(roleArn=role, s3DataDestination=dict(path='s3://reports/shop/'))
(pathlib.Path(buckets) / 'reports').mkdir(exist_ok=True)
refused(lambda: personalize.create_metric_attribution(
    name='wrong', datasetGroupArn=group, metricsOutputConfig=output,
    metrics=[dict(eventType='click', metricName='m', expression='SUM(Items.GENRE)')]),
    'InvalidInputException', 'GENRE', 'not a number')
attribution = personalize.create_metric_attribution(
    name='shop', datasetGroupArn=group, metrics=metrics, metricsOutputConfig=output)['metricAttributionArn']
described = wait(personalize.describe_metric_attribution, 'metricAttribution', metricAttributionArn=attribution)
equal(described['metricsOutputConfig'], output)
equal(personalize.list_metric_attribution_metrics(metricAttributionArn=attribution)['metrics'], metrics)
equal([each['metricAttributionArn'] for each in
       personalize.list_metric_attributions(datasetGroupArn=group)['metricAttributions']], [attribution])
refused(lambda: personalize.create_metric_attribution(
    name='another', datasetGroupArn=group, metrics=metrics, metricsOutputConfig=output), 'LimitExceededException')
refused(lambda: personalize.update_metric_attribution(metricAttributionArn=attribution, addMetrics=[metrics[0]]),
        'ResourceAlreadyExistsException', 'clicks')


def put(**event):
    event = {'eventType': 'click', 'itemId': 'i1', 'sentAt': window + 60, **event}
    events.put_events(trackingId=tracking, userId='u1', sessionId='s1', eventList=[event])


email = dict(metricAttribution=dict(eventAttributionSource='email'))
for number in range(3):
    put(eventId=f'click-{number}', recommendationId=recommendation)
put(eventId='click-0', recommendationId=recommendation)  # sent again
put(eventId='by-email', recommendationId=recommendation, **email)
put(eventId='by-itself', eventType='CLICK')
put(eventId='sale', eventType='purchase', itemId='i2', eventValue=2.0, **email)

# What an import brings is counted too, and reported.
header = [column for column, _, _ in columns]
job = imported(interactions, 'more', header, [('u1', 'i3', 'Purchase', window + 5, '4', 'email')],
               importMode='INCREMENTAL', publishAttributionMetricsToS3=True)
equal(job['publishAttributionMetricsToS3'], True)
folder = pathlib.Path(buckets) / 'reports' / 'shop'
deadline = time.time() + 100
while not (reports := sorted(folder.glob('AggregatedAttributionMetrics - INCREMENTAL - *.csv'))):
    assert time.time() < deadline, 'no report'
    time.sleep(0.1)
equal(len(reports), 1)
equal(reports[0].read_text(), f"""METRIC_NAME,EVENT_TYPE,VALUE,MATH_FUNCTION,EVENT_ATTRIBUTION_SOURCE,TIMESTAMP
REVENUE,PURCHASE,3.5,sum,email,{window}
PAID,PURCHASE,4.0,sum,email,{window}
""")

views = dict(eventType='view', metricName='views', expression='SAMPLECOUNT()')
personalize.update_metric_attribution(metricAttributionArn=attribution, addMetrics=[views])
equal([each['metricName'] for each in
       personalize.list_metric_attribution_metrics(metricAttributionArn=attribution)['metrics']],
      ['clicks', 'revenue', 'paid', 'views'])
print(json.dumps(dict(
    group=group, campaign=campaign, attribution=attribution, tracking=tracking, window=window,
    recommendation=recommendation)))
