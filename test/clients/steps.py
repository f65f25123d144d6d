"""What scripts of clients have in common: the clients of a server, and waiting for it."""
import time

import boto3

role = 'arn:aws:iam::000000000000:role/PersonalizeRole'


def clients(endpoint, region='us-east-1'):
    """The clients of resources, recommendations and events."""
    settings = dict(
        endpoint_url=endpoint, region_name=region, aws_access_key_id='any', aws_secret_access_key='any')
    return [boto3.client(name, **settings) for name in ('personalize', 'personalize-runtime', 'personalize-events')]


def equal(actual, expected):
    assert actual == expected, f'{actual!r} is not {expected!r}'


def wait(describe, member, ends=('ACTIVE',), **arn):
    """What is described, once it has come to its end as it should."""
    deadline = time.time() + 500
    while time.time() < deadline:
        described = describe(**arn)[member]
        if described['status'] in ends:
            return described
        assert described['status'].endswith(('PENDING', 'IN_PROGRESS')), described
        time.sleep(0.1)
    raise AssertionError(f'{arn} did not become {" or ".join(ends)}')


def soon(check):
    """Asks again for a minute, until the check holds."""
    deadline = time.time() + 60
    while True:
        try:
            return check()
        except AssertionError:
            if time.time() > deadline:
                raise
            time.sleep(0.2)
