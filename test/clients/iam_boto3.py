"""What tutorials do with IAM and STS, by boto3; the environment says where and as whom."""

import json
import sys

import boto3
from botocore.exceptions import ClientError

account = sys.argv[1]
iam = boto3.client("iam")
sts = boto3.client("sts")


def refused(code, status, message, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        found = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        assert found == (code, status), (found, error)
        assert message in error.response["Error"]["Message"], error
        assert error.response["ResponseMetadata"]["RequestId"]
        return
    raise AssertionError(f"{call.__name__} is not refused")


def policy(*actions, resource="*"):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource}]}


assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{account}:root"
assert sts.get_caller_identity()["Account"] == account

# A role, as every notebook makes it.
trust = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "personalize.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
name = "PersonalizeRole"
role = iam.create_role(
    RoleName=name,
    AssumeRolePolicyDocument=json.dumps(trust),
    Description="reads & writes <buckets>",
    Tags=[{"Key": "team", "Value": "films"}],
)["Role"]
assert role["Arn"] == f"arn:aws:iam::{account}:role/{name}", role
assert role["RoleId"].startswith("AROA"), role
again = {"RoleName": name, "AssumeRolePolicyDocument": json.dumps(trust)}
refused("EntityAlreadyExists", 409, f"Role with name {name} already exists.", iam.create_role, **again)
refused("MalformedPolicyDocument", 400, "Syntax errors", iam.create_role, RoleName="b", AssumeRolePolicyDocument="{")
refused("ValidationError", 400, "at 'roleName' failed", iam.create_role, RoleName="a b", AssumeRolePolicyDocument="{}")
refused("NoSuchEntity", 404, "The role with name none cannot be found.", iam.get_role, RoleName="none")
got = iam.get_role(RoleName=name)["Role"]
assert got["AssumeRolePolicyDocument"] == trust, got
assert got["Description"] == "reads & writes <buckets>", got
assert got["CreateDate"] == role["CreateDate"] and got["MaxSessionDuration"] == 3600, got
assert iam.list_role_tags(RoleName=name)["Tags"] == [{"Key": "team", "Value": "films"}]
iam.tag_role(RoleName=name, Tags=[{"Key": "stage", "Value": ""}])
iam.untag_role(RoleName=name, TagKeys=["team"])
assert iam.get_role(RoleName=name)["Role"]["Tags"] == [{"Key": "stage", "Value": ""}]
iam.update_role(RoleName=name, Description="", MaxSessionDuration=7200)
assert iam.get_role(RoleName=name)["Role"]["MaxSessionDuration"] == 7200
trust["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))
assert iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"] == trust

# Policies that are attached to it, and one that it has alone.
attached = [
    "arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess",
    "arn:aws:iam::aws:policy/AmazonS3FullAccess",
    iam.create_policy(PolicyName="keys", PolicyDocument=json.dumps(policy("kms:Decrypt")))["Policy"]["Arn"],
]
for arn in attached:
    iam.attach_role_policy(RoleName=name, PolicyArn=arn)
unknown = {"RoleName": name, "PolicyArn": "arn:aws:iam::aws:policy/NoSuchPolicy"}
refused("NoSuchEntity", 404, "does not exist or is not attachable", iam.attach_role_policy, **unknown)
pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name, PaginationConfig={"PageSize": 1})
assert sorted(one["PolicyArn"] for page in pages for one in page["AttachedPolicies"]) == sorted(attached)
listed = iam.list_policies(Scope="Local")["Policies"]
assert [(one["PolicyName"], one["AttachmentCount"]) for one in listed] == [("keys", 1)], listed
assert set(attached) <= {one["Arn"] for one in iam.list_policies()["Policies"]}
assert iam.get_policy(PolicyArn=attached[2])["Policy"]["DefaultVersionId"] == "v1"
for arn in attached:
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert version["Document"]["Statement"], version
# Versions of a policy, of which one is in force.
made = iam.create_policy_version(
    PolicyArn=attached[2], PolicyDocument=json.dumps(policy("kms:Encrypt")), SetAsDefault=True
)["PolicyVersion"]
assert (made["VersionId"], made["IsDefaultVersion"]) == ("v2", True), made
listed = iam.list_policy_versions(PolicyArn=attached[2])["Versions"]
assert [(one["VersionId"], one["IsDefaultVersion"]) for one in listed] == [("v2", True), ("v1", False)], listed
iam.set_default_policy_version(PolicyArn=attached[2], VersionId="v1")
assert iam.get_policy(PolicyArn=attached[2])["Policy"]["DefaultVersionId"] == "v1"
encrypting = iam.get_policy_version(PolicyArn=attached[2], VersionId="v2")["PolicyVersion"]["Document"]
assert encrypting == policy("kms:Encrypt"), encrypting
default = {"PolicyArn": attached[2], "VersionId": "v1"}
refused("DeleteConflict", 409, "Cannot delete the default version", iam.delete_policy_version, **default)
iam.delete_policy_version(PolicyArn=attached[2], VersionId="v2")
gone = {"PolicyArn": attached[2], "VersionId": "v2"}
refused("NoSuchEntity", 404, "version v2 does not exist", iam.get_policy_version, **gone)
managed = {"PolicyArn": attached[1], "PolicyDocument": json.dumps(policy("*"))}
refused("InvalidInput", 400, "nobody can change", iam.create_policy_version, **managed)
entities = iam.list_entities_for_policy(PolicyArn=attached[2])
assert [one["RoleName"] for one in entities["PolicyRoles"]] == [name] and entities["PolicyUsers"] == [], entities
iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policy("cloudwatch:PutMetricData")))
assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["own"]
document = iam.get_role_policy(RoleName=name, PolicyName="own")["PolicyDocument"]
assert document == policy("cloudwatch:PutMetricData"), document
missing = {"RoleName": name, "PolicyName": "none"}
refused("NoSuchEntity", 404, "The role policy with name none cannot be found.", iam.get_role_policy, **missing)

# Whether it may, by its policies.
def decision(action, resource):
    simulated = iam.simulate_principal_policy(
        PolicySourceArn=role["Arn"], ActionNames=[action], ResourceArns=[resource]
    )
    return [result["EvalDecision"] for result in simulated["EvaluationResults"]]


assert decision("s3:GetObject", "arn:aws:s3:::films/a.csv") == ["allowed"]
assert decision("iam:CreateUser", "*") == ["implicitDeny"]

# A permissions boundary.
iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=attached[2])
bound = iam.get_role(RoleName=name)["Role"]["PermissionsBoundary"]
assert bound == {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": attached[2]}, bound
assert decision("s3:GetObject", "arn:aws:s3:::films/a.csv") == ["implicitDeny"]
iam.delete_role_permissions_boundary(RoleName=name)

# A user with keys that work at once.
user = iam.create_user(UserName="ann", Path="/team/")["User"]
assert user["Arn"] == f"arn:aws:iam::{account}:user/team/ann", user
refused("EntityAlreadyExists", 409, "User with name ann already exists.", iam.create_user, UserName="ann")
key = iam.create_access_key(UserName="ann")["AccessKey"]
own = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
as_ann = boto3.client("iam", **own)
identity = boto3.client("sts", **own).get_caller_identity()
assert identity["Arn"] == user["Arn"] and identity["UserId"] == user["UserId"], identity
what = f"User: {user['Arn']} is not authorized to perform: iam:GetUser on resource: {user['Arn']}"
refused("AccessDenied", 403, what, as_ann.get_user)
refused("AccessDenied", 403, f"iam:CreateRole on resource: arn:aws:iam::{account}:role/b", as_ann.create_role,
        RoleName="b", AssumeRolePolicyDocument=json.dumps(trust))  # fmt: skip
own_roles = policy("iam:CreateRole", "iam:DeleteRole", "iam:GetUser", "iam:TagRole",
                   resource=[f"arn:aws:iam::{account}:role/team/*", user["Arn"]])  # fmt: skip
iam.put_user_policy(UserName="ann", PolicyName="roles", PolicyDocument=json.dumps(own_roles))
assert iam.get_user_policy(UserName="ann", PolicyName="roles")["PolicyDocument"] == own_roles
assert as_ann.get_user()["User"]["UserName"] == "ann"
made = {"AssumeRolePolicyDocument": json.dumps(trust), "Tags": [{"Key": "a", "Value": "b"}]}
as_ann.create_role(RoleName="hers", Path="/team/", **made)
refused("AccessDenied", 403, ":role/hers2", as_ann.create_role, RoleName="hers2", **made)
# The path of a role that is there is known, though the call names it not.
as_ann.delete_role(RoleName="hers")
refused("AccessDenied", 403, f":role/{name}", as_ann.delete_role, RoleName=name)
only = policy("iam:AttachUserPolicy")
only["Statement"][0]["Condition"] = {"ArnEquals": {"iam:PolicyARN": attached[1]}}
iam.put_user_policy(UserName="ann", PolicyName="attach", PolicyDocument=json.dumps(only))
as_ann.attach_user_policy(UserName="ann", PolicyArn=attached[1])
refused("AccessDenied", 403, "iam:AttachUserPolicy", as_ann.attach_user_policy, UserName="ann",
        PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")  # fmt: skip

# Its end, in the order that IAM asks for.
refused("DeleteConflict", 409, "must delete access keys first", iam.delete_user, UserName="ann")
iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Inactive")
refused("InvalidClientTokenId", 403, "security token", as_ann.get_user)
keys = iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]
assert [(one["AccessKeyId"], one["Status"]) for one in keys] == [(key["AccessKeyId"], "Inactive")], keys
refused("NoSuchEntity", 404, "cannot be found", iam.delete_access_key, AccessKeyId=key["AccessKeyId"])
iam.delete_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"])
refused("DeleteConflict", 409, "must detach all policies first", iam.delete_user, UserName="ann")
iam.detach_user_policy(UserName="ann", PolicyArn=attached[1])
refused("DeleteConflict", 409, "must delete policies first", iam.delete_user, UserName="ann")
for one in iam.list_user_policies(UserName="ann")["PolicyNames"]:
    iam.delete_user_policy(UserName="ann", PolicyName=one)
iam.delete_user(UserName="ann")
assert iam.list_users()["Users"] == []

refused("DeleteConflict", 409, "must detach all policies first", iam.delete_role, RoleName=name)
refused("DeleteConflict", 409, "Cannot delete a policy attached to entities.", iam.delete_policy, PolicyArn=attached[2])
for one in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
    iam.detach_role_policy(RoleName=name, PolicyArn=one["PolicyArn"])
refused("NoSuchEntity", 404, "was not found", iam.detach_role_policy, RoleName=name, PolicyArn=attached[0])
refused("DeleteConflict", 409, "must delete policies first", iam.delete_role, RoleName=name)
iam.delete_role_policy(RoleName=name, PolicyName="own")
assert iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"] == []
iam.delete_role(RoleName=name)
iam.delete_policy(PolicyArn=attached[2])
refused("InvalidInput", 400, "nobody can change or delete", iam.delete_policy, PolicyArn=attached[1])
assert iam.list_roles()["Roles"] == [] and iam.list_policies(Scope="Local")["Policies"] == []

# An issuer of tokens.
arn = iam.create_open_id_connect_provider(Url="https://login.example.com/films", ClientIDList=["app"])
arn = arn["OpenIDConnectProviderArn"]
assert arn == f"arn:aws:iam::{account}:oidc-provider/login.example.com/films"
iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="web")
provider = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
assert (provider["Url"], provider["ClientIDList"]) == ("login.example.com/films", ["app", "web"]), provider
assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [{"Arn": arn}]
iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
gone = {"OpenIDConnectProviderArn": arn}
refused("NoSuchEntity", 404, "not found", iam.get_open_id_connect_provider, **gone)

summary = iam.get_account_summary()["SummaryMap"]
assert (summary["Users"], summary["Roles"], summary["AccountAccessKeysPresent"]) == (0, 0, int(sys.argv[2])), summary
assert iam.list_account_aliases()["AccountAliases"] == []
linked = {"AWSServiceName": "personalize.amazonaws.com"}
refused("InvalidInput", 400, "Service-linked roles are not supported", iam.create_service_linked_role, **linked)
refused("InvalidAction", 400, "Could not find operation ListGroups", iam.list_groups)
print(key["SecretAccessKey"])
