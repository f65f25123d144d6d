"""Goes through the S3 of a server with boto3 and the keys of the environment: s3_boto3.py URL FOLDER; prints "done"."""

import hashlib
import io
import json
import os
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

url, folder = sys.argv[1:3]
session = boto3.Session(region_name="eu-west-1")
s3 = session.client("s3", endpoint_url=url)


def fails(code, status, operation, **parameters):
    try:
        operation(**parameters)
    except ClientError as error:
        found = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert found == (code, status), (found, error)
        return
    raise AssertionError(f"{operation} with {parameters} did not fail")


# Buckets
where = {"LocationConstraint": "eu-west-1"}
s3.create_bucket(Bucket="films-of-2026", CreateBucketConfiguration=where)
fails("BucketAlreadyOwnedByYou", 409, s3.create_bucket, Bucket="films-of-2026", CreateBucketConfiguration=where)
assert s3.get_bucket_location(Bucket="films-of-2026")["LocationConstraint"] == "eu-west-1"
assert s3.head_bucket(Bucket="films-of-2026")["BucketRegion"] == "eu-west-1"
fails("404", 404, s3.head_bucket, Bucket="nothing-here")
fails("NoSuchBucket", 404, s3.list_objects_v2, Bucket="nothing-here")
assert "films-of-2026" in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
fails("NoSuchBucketPolicy", 404, s3.get_bucket_policy, Bucket="films-of-2026")
fails("MalformedPolicy", 400, s3.put_bucket_policy, Bucket="films-of-2026", Policy='{"Version": "2012-10-17"}')
reader = {"Service": "personalize.amazonaws.com"}
allowed = {"Effect": "Allow", "Principal": reader, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::films-of-2026/*"}
policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
s3.put_bucket_policy(Bucket="films-of-2026", Policy=policy)
assert s3.get_bucket_policy(Bucket="films-of-2026")["Policy"] == policy
s3.delete_bucket_policy(Bucket="films-of-2026")
fails("NoSuchBucketPolicy", 404, s3.get_bucket_policy, Bucket="films-of-2026")
block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
s3.put_public_access_block(Bucket="films-of-2026", PublicAccessBlockConfiguration=block)
assert s3.get_public_access_block(Bucket="films-of-2026")["PublicAccessBlockConfiguration"] == block
s3.delete_public_access_block(Bucket="films-of-2026")
fails("NoSuchPublicAccessBlockConfiguration", 404, s3.get_public_access_block, Bucket="films-of-2026")
fails("NotImplemented", 501, s3.put_bucket_accelerate_configuration, Bucket="films-of-2026", AccelerateConfiguration={})

# A notebook that is run again
first = boto3.client("s3", endpoint_url=url, region_name="us-east-1")
for _ in range(2):
    first.create_bucket(Bucket="films-again")
first.delete_bucket(Bucket="films-again")

# Objects
bucket = {"Bucket": "films-of-2026"}
content = b"USER_ID,ITEM_ID\nu1,i1\n"
key = "data/été 🎬+&<x>.csv"
put = s3.put_object(**bucket, Key=key, Body=content, ContentType="text/csv", Metadata={"origin": "test"})
assert put["ETag"] == f'"{hashlib.md5(content).hexdigest()}"'
assert open(os.path.join(folder, "films-of-2026", key), "rb").read() == content
got = s3.get_object(**bucket, Key=key)
assert got["Body"].read() == content
assert (got["ContentType"], got["Metadata"], got["ContentLength"]) == ("text/csv", {"origin": "test"}, len(content))
assert got["ETag"] == put["ETag"] and got["ChecksumCRC32"] == put["ChecksumCRC32"]
head = s3.head_object(**bucket, Key=key)
assert (head["ContentLength"], head["ETag"], head["LastModified"]) == (len(content), put["ETag"], got["LastModified"])
part = s3.get_object(**bucket, Key=key, Range="bytes=8-14")
assert (part["Body"].read(), part["ContentRange"]) == (b"ITEM_ID", f"bytes 8-14/{len(content)}")
assert s3.get_object(**bucket, Key=key, Range="bytes=-3")["Body"].read() == content[-3:]
assert s3.get_object(**bucket, Key=key, Range="bytes=16-")["Body"].read() == content[16:]
fails("InvalidRange", 416, s3.get_object, **bucket, Key=key, Range=f"bytes={len(content)}-")
fails("NoSuchKey", 404, s3.get_object, **bucket, Key="data/nothing")
fails("404", 404, s3.head_object, **bucket, Key="data/nothing")
fails("304", 304, s3.get_object, **bucket, Key=key, IfNoneMatch=put["ETag"])
fails("PreconditionFailed", 412, s3.get_object, **bucket, Key=key, IfMatch='"other"')
fails("PreconditionFailed", 412, s3.put_object, **bucket, Key=key, Body=b"", IfNoneMatch="*")
fails("BadDigest", 400, s3.put_object, **bucket, Key=key, Body=b"x", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
fails("BadDigest", 400, s3.put_object, **bucket, Key=key, Body=b"x", ChecksumSHA256="47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
assert s3.get_object(**bucket, Key=key)["Body"].read() == content, "what was refused has changed nothing"
for algorithm in ["CRC32", "SHA1", "SHA256"]:
    s3.put_object(**bucket, Key="sums/" + algorithm, Body=content, ChecksumAlgorithm=algorithm)
    assert s3.get_object(**bucket, Key="sums/" + algorithm)["Body"].read() == content

s3.copy_object(**bucket, Key="copied.csv", CopySource={**bucket, "Key": key})
assert s3.head_object(**bucket, Key="copied.csv")["Metadata"] == {"origin": "test"}
fails("InvalidRequest", 400, s3.copy_object, **bucket, Key="copied.csv", CopySource={**bucket, "Key": "copied.csv"})
s3.copy_object(**bucket, Key="copied.csv", CopySource={**bucket, "Key": "copied.csv"}, MetadataDirective="REPLACE", Metadata={"a": "b"})
assert s3.head_object(**bucket, Key="copied.csv")["Metadata"] == {"a": "b"}
fails("NoSuchKey", 404, s3.copy_object, **bucket, Key="x", CopySource={**bucket, "Key": "nothing"})

# Lists
for n in range(25):
    s3.put_object(**bucket, Key=f"many/{n:02}/{n}.txt", Body=b"x")
pages = list(s3.get_paginator("list_objects_v2").paginate(**bucket, Prefix="many/", PaginationConfig={"PageSize": 7}))
keys = [entry["Key"] for page in pages for entry in page["Contents"]]
assert keys == [f"many/{n:02}/{n}.txt" for n in range(25)] and len(pages) == 4
pages = list(s3.get_paginator("list_objects_v2").paginate(**bucket, Prefix="many/", Delimiter="/", PaginationConfig={"PageSize": 10}))
assert [entry["Prefix"] for page in pages for entry in page["CommonPrefixes"]] == [f"many/{n:02}/" for n in range(25)]
pages = list(s3.get_paginator("list_objects").paginate(**bucket, Delimiter="/", PaginationConfig={"PageSize": 1}))
assert [entry["Prefix"] for page in pages for entry in page.get("CommonPrefixes", [])] == ["data/", "many/", "sums/"]
assert [entry["Key"] for page in pages for entry in page.get("Contents", [])] == ["copied.csv"]
assert s3.list_objects_v2(**bucket, Prefix="data/")["Contents"][0]["Key"] == key
assert s3.list_objects_v2(**bucket, Prefix="none")["KeyCount"] == 0
assert s3.list_objects_v2(**bucket, Prefix="many/", StartAfter="many/23/23.txt")["Contents"][0]["Key"] == "many/24/24.txt"

things = session.resource("s3", endpoint_url=url).Bucket("films-of-2026")
assert {version.object_key for version in things.object_versions.filter(Prefix="sums/")} == {"sums/CRC32", "sums/SHA1", "sums/SHA256"}
things.object_versions.filter(Prefix="sums/").delete()
assert not list(things.objects.filter(Prefix="sums/"))

# Parts
large = os.urandom(11 * 2**20)
config = TransferConfig(multipart_threshold=5 * 2**20, multipart_chunksize=5 * 2**20)
s3.upload_fileobj(io.BytesIO(large), "films-of-2026", "large.bin", Config=config, ExtraArgs={"ContentType": "x/y"})
head = s3.head_object(**bucket, Key="large.bin")
sums = b"".join(hashlib.md5(large[start : start + 5 * 2**20]).digest() for start in range(0, len(large), 5 * 2**20))
assert head["ETag"] == f'"{hashlib.md5(sums).hexdigest()}-3"' and head["ContentType"] == "x/y"
back = io.BytesIO()
s3.download_fileobj("films-of-2026", "large.bin", back, Config=config)
assert back.getvalue() == large
s3.copy({**bucket, "Key": "large.bin"}, "films-of-2026", "larger.bin", Config=config)
assert s3.get_object(**bucket, Key="larger.bin")["Body"].read() == large
upload = s3.create_multipart_upload(**bucket, Key="never.bin")["UploadId"]
one = s3.upload_part(**bucket, Key="never.bin", UploadId=upload, PartNumber=1, Body=b"small")["ETag"]
two = s3.upload_part(**bucket, Key="never.bin", UploadId=upload, PartNumber=2, Body=b"last")["ETag"]
assert [part["Size"] for part in s3.list_parts(**bucket, Key="never.bin", UploadId=upload)["Parts"]] == [5, 4]
assert [one["Key"] for one in s3.list_multipart_uploads(**bucket)["Uploads"]] == ["never.bin"]
complete = lambda *parts: {"MultipartUpload": {"Parts": [{"PartNumber": n, "ETag": tag} for n, tag in parts]}}
this = {**bucket, "Key": "never.bin", "UploadId": upload}
fails("EntityTooSmall", 400, s3.complete_multipart_upload, **this, **complete((1, one), (2, two)))
fails("InvalidPart", 400, s3.complete_multipart_upload, **this, **complete((1, two)))
fails("InvalidPartOrder", 400, s3.complete_multipart_upload, **this, **complete((2, two), (1, one)))
s3.abort_multipart_upload(**this)
fails("NoSuchUpload", 404, s3.complete_multipart_upload, **this, **complete((1, one)))
fails("404", 404, s3.head_object, **bucket, Key="never.bin")

# URLs, of both versions of signatures
for version in ["s3", "s3v4"]:
    signer = session.client("s3", endpoint_url=url, config=Config(signature_version=version))
    link = signer.generate_presigned_url("put_object", {**bucket, "Key": "by url.txt"})
    with urllib.request.urlopen(urllib.request.Request(link, b"hello", {"Content-Type": ""}, method="PUT")) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(signer.generate_presigned_url("get_object", {**bucket, "Key": "by url.txt"})) as answer:
        assert answer.read() == b"hello"
link = s3.generate_presigned_url("get_object", {**bucket, "Key": "by url.txt", "ResponseContentType": "a/b"})
with urllib.request.urlopen(link) as answer:
    assert (answer.read(), answer.headers["Content-Type"]) == (b"hello", "a/b"), "by default"
try:
    urllib.request.urlopen(f"{url}/films-of-2026/copied.csv")
    raise AssertionError("without a signature")
except urllib.error.HTTPError as error:
    assert error.code in (403, 404), error

# Keys that folders cannot have
s3.put_object(**bucket, Key="folder/", Body=b"")
assert [entry["Key"] for entry in s3.list_objects_v2(**bucket, Prefix="folder/")["Contents"]] == ["folder/"]
fails("InvalidRequest", 400, s3.put_object, **bucket, Key="copied.csv/below", Body=b"x")
fails("InvalidRequest", 400, s3.put_object, **bucket, Key="many", Body=b"x")
fails("InvalidRequest", 400, s3.put_object, **bucket, Key="../../escape", Body=b"x")
fails("KeyTooLongError", 400, s3.put_object, **bucket, Key="k" * 1025, Body=b"x")
longest = "/".join(["k" * 204] * 5)
s3.put_object(**bucket, Key=longest, Body=b"x")
assert len(longest) == 1024 and s3.get_object(**bucket, Key=longest)["Body"].read() == b"x"

# Removal
fails("BucketNotEmpty", 409, s3.delete_bucket, **bucket)
s3.delete_object(**bucket, Key="nothing")
keys = [entry["Key"] for page in s3.get_paginator("list_objects_v2").paginate(**bucket) for entry in page["Contents"]]
removed = s3.delete_objects(**bucket, Delete={"Objects": [{"Key": key} for key in [*keys, "nothing"]]})
assert len(removed["Deleted"]) == len(keys) + 1 and "Errors" not in removed
s3.delete_bucket(**bucket)
fails("404", 404, s3.head_bucket, **bucket)
assert not os.path.exists(os.path.join(folder, "films-of-2026"))
print("done")
