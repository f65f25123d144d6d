"""What boto3 does with roles: by AssumeRole, a profile that names a role, or the token of an issuer in a file."""

import sys

import boto3
from botocore.exceptions import ClientError

account, way = sys.argv[1:]


def refusal(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return "done"


def session_of(way):
    if way == "profile":
        return boto3.Session(profile_name="reader")
    if way == "token":
        return boto3.Session()
    sts = boto3.client("sts")
    made = sts.assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/reader",
        RoleSessionName="one",
        DurationSeconds=900,
        Policy='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"personalize:*","Resource":"*"}}',
        PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonPersonalizeReadOnlyAccess"}],
        Tags=[{"Key": "team", "Value": "films"}],
        TransitiveTagKeys=["team"],
        SourceIdentity="ada",
    )
    assert made["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{account}:assumed-role/reader/one", made
    assert made["AssumedRoleUser"]["AssumedRoleId"].endswith(":one"), made
    assert 0 < made["PackedPolicySize"] <= 100 and made["SourceIdentity"] == "ada", made
    wrong = refusal(sts.assume_role, RoleArn=f"arn:aws:iam::{account}:role/none", RoleSessionName="one")
    assert wrong.startswith("AccessDenied: User: arn:aws:iam::"), wrong
    long = refusal(
        sts.assume_role, RoleArn=f"arn:aws:iam::{account}:role/reader", RoleSessionName="one", DurationSeconds=7200
    )
    assert long.startswith("ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration"), long
    garbled = refusal(
        sts.assume_role, RoleArn=f"arn:aws:iam::{account}:role/reader", RoleSessionName="one", Policy="{}"
    )
    assert garbled.startswith("MalformedPolicyDocument: "), garbled
    credentials = made["Credentials"]
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


session = session_of(way)
identity = session.client("sts").get_caller_identity()
role = {"token": "web"}.get(way, "reader")
assert identity["Arn"].startswith(f"arn:aws:sts::{account}:assumed-role/{role}/"), identity
assert identity["Account"] == account, identity
personalize = session.client("personalize")
personalize.list_dataset_groups()
print(refusal(personalize.create_dataset_group, name="films"))
