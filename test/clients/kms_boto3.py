"""Goes through the keys of a server with boto3 and the keys of the environment: kms_boto3.py URL; prints "done"."""

import json
import sys

import boto3
from botocore.exceptions import ClientError

kms = boto3.client("kms", endpoint_url=sys.argv[1], region_name="eu-west-1")


def fails(code, operation, **parameters):
    try:
        operation(**parameters)
    except ClientError as error:
        found = error.response["Error"]["Code"]
        assert found == code, (found, error)
        return error.response["Error"]["Message"]
    raise AssertionError(f"{operation} with {parameters} did not fail")


# Keys
made = kms.create_key(Description="films", Tags=[{"TagKey": "team", "TagValue": "films"}])["KeyMetadata"]
key, arn = made["KeyId"], made["Arn"]
assert arn == f"arn:aws:kms:eu-west-1:000000000000:key/{key}"
assert (made["KeyState"], made["Enabled"], made["KeySpec"], made["Origin"]) == ("Enabled", True, "SYMMETRIC_DEFAULT", "AWS_KMS")
described = kms.describe_key(KeyId=key)["KeyMetadata"]
assert described == made and described["CreationDate"].year >= 2024
fails("UnsupportedOperationException", kms.create_key, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
kms.update_key_description(KeyId=arn, Description="all films")
assert kms.describe_key(KeyId=arn)["KeyMetadata"]["Description"] == "all films"
more = [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(4)]
pages = list(kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2}))
assert {entry["KeyId"] for page in pages for entry in page["Keys"]} == {key, *more} and len(pages) == 3
assert kms.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "team", "TagValue": "films"}]
kms.tag_resource(KeyId=key, Tags=[{"TagKey": "stage", "TagValue": "test"}])
kms.untag_resource(KeyId=key, TagKeys=["team"])
assert kms.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "stage", "TagValue": "test"}]
fails("TagException", kms.tag_resource, KeyId=key, Tags=[{"TagKey": "aws:x", "TagValue": ""}])
fails("NotFoundException", kms.describe_key, KeyId="00000000-0000-4000-8000-000000000000")
fails("InvalidArnException", kms.describe_key, KeyId=arn.replace("eu-west-1", "us-east-1"))
assert "Invalid keyId" in fails("NotFoundException", kms.enable_key, KeyId="nonsense")

# Aliases
kms.create_alias(AliasName="alias/films", TargetKeyId=key)
fails("AlreadyExistsException", kms.create_alias, AliasName="alias/films", TargetKeyId=key)
assert kms.describe_key(KeyId="alias/films")["KeyMetadata"]["KeyId"] == key
aliases = kms.list_aliases(KeyId=key)["Aliases"]
assert [(alias["AliasName"], alias["TargetKeyId"]) for alias in aliases] == [("alias/films", key)]
kms.update_alias(AliasName="alias/films", TargetKeyId=more[0])
assert kms.list_aliases(KeyId=key)["Aliases"] == []
kms.update_alias(AliasName="alias/films", TargetKeyId=key)

# Encryption
context = {"purpose": "test", "user": "ü"}
encrypted = kms.encrypt(KeyId="alias/films", Plaintext=b"secret", EncryptionContext=context)
assert encrypted["KeyId"] == arn and b"secret" not in encrypted["CiphertextBlob"]
blob = encrypted["CiphertextBlob"]
decrypted = kms.decrypt(CiphertextBlob=blob, EncryptionContext=dict(reversed(context.items())))
assert (decrypted["Plaintext"], decrypted["KeyId"]) == (b"secret", arn)
fails("InvalidCiphertextException", kms.decrypt, CiphertextBlob=blob)
fails("InvalidCiphertextException", kms.decrypt, CiphertextBlob=blob, EncryptionContext={**context, "user": "u"})
fails("InvalidCiphertextException", kms.decrypt, CiphertextBlob=blob[:-1] + bytes([blob[-1] ^ 1]), EncryptionContext=context)
fails("IncorrectKeyException", kms.decrypt, CiphertextBlob=blob, EncryptionContext=context, KeyId=more[0])
fails("ValidationException", kms.encrypt, KeyId=key, Plaintext=b"x" * 4097)
fails("DryRunOperationException", kms.encrypt, KeyId=key, Plaintext=b"x", DryRun=True)
assert kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=b"x" * 4096)["CiphertextBlob"])["Plaintext"] == b"x" * 4096
data = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
assert len(data["Plaintext"]) == 32
assert kms.decrypt(CiphertextBlob=data["CiphertextBlob"], EncryptionContext=context)["Plaintext"] == data["Plaintext"]
hidden = kms.generate_data_key_without_plaintext(KeyId=key, NumberOfBytes=64)
assert "Plaintext" not in hidden and len(kms.decrypt(CiphertextBlob=hidden["CiphertextBlob"])["Plaintext"]) == 64
fails("ValidationException", kms.generate_data_key, KeyId=key)
moved = kms.re_encrypt(CiphertextBlob=blob, SourceEncryptionContext=context, DestinationKeyId=more[0])
assert (moved["SourceKeyId"], moved["KeyId"]) == (arn, arn.replace(key, more[0]))
assert kms.decrypt(CiphertextBlob=moved["CiphertextBlob"])["Plaintext"] == b"secret"
assert len(kms.generate_random(NumberOfBytes=20)["Plaintext"]) == 20

# Rotation
assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
status = kms.get_key_rotation_status(KeyId=key)
assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)
kms.disable_key_rotation(KeyId=key)
kms.rotate_key_on_demand(KeyId=key)
kms.rotate_key_on_demand(KeyId=arn)
assert [one["RotationType"] for one in kms.list_key_rotations(KeyId=key)["Rotations"]] == ["ON_DEMAND", "ON_DEMAND"]
assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"secret"

# Policies
document = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
assert document["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::000000000000:root"}
kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps({**document, "Id": "mine"}))
assert json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Id"] == "mine"
assert kms.list_key_policies(KeyId=key)["PolicyNames"] == ["default"]
fails("MalformedPolicyDocumentException", kms.put_key_policy, KeyId=key, Policy='{"Statement": []}')
other = {**document["Statement"][0], "Principal": {"AWS": "arn:aws:iam::210987654321:root"}}
fails("MalformedPolicyDocumentException", kms.put_key_policy, KeyId=key, Policy=json.dumps({**document, "Statement": [other]}))

# Grants
grantee = "arn:aws:iam::000000000000:user/ann"
grant = kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Decrypt"], Name="reading")["GrantId"]
assert kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Decrypt"], Name="reading")["GrantId"] == grant
assert [one["GranteePrincipal"] for one in kms.list_grants(KeyId=key)["Grants"]] == [grantee]
kms.revoke_grant(KeyId=key, GrantId=grant)
assert kms.list_grants(KeyId=key)["Grants"] == []
fails("NotFoundException", kms.revoke_grant, KeyId=key, GrantId=grant)

# States
kms.disable_key(KeyId=key)
assert fails("DisabledException", kms.decrypt, CiphertextBlob=blob, EncryptionContext=context) == f"{arn} is disabled."
fails("DisabledException", kms.generate_data_key, KeyId=key, KeySpec="AES_256")
kms.enable_key(KeyId=key)
fails("ValidationException", kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=6)
fails("ValidationException", kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=31)
scheduled = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
assert (scheduled["KeyState"], scheduled["KeyId"]) == ("PendingDeletion", arn)
assert 6 <= (scheduled["DeletionDate"] - made["CreationDate"]).days <= 7
assert fails("KMSInvalidStateException", kms.encrypt, KeyId=key, Plaintext=b"x") == f"{arn} is pending deletion."
kms.cancel_key_deletion(KeyId=key)
assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
kms.enable_key(KeyId=key)
assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"secret"
kms.delete_alias(AliasName="alias/films")
fails("NotFoundException", kms.describe_key, KeyId="alias/films")
print("done")
