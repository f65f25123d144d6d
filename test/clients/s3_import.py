"""Uploads a file and imports it, with one variable in the environment: s3_import.py FILE SCHEMA; prints the status."""

import sys
import time

import boto3

file, schema = sys.argv[1:3]
s3, personalize = boto3.client("s3"), boto3.client("personalize")
s3.create_bucket(Bucket="tutorial-bucket")
s3.upload_file(file, "tutorial-bucket", "films/interactions.csv")
schema_arn = personalize.create_schema(name="one-variable", schema=open(schema).read())["schemaArn"]
group = personalize.create_dataset_group(name="one-variable")["datasetGroupArn"]
dataset = personalize.create_dataset(
    name="one-variable", schemaArn=schema_arn, datasetGroupArn=group, datasetType="Interactions"
)["datasetArn"]
job = personalize.create_dataset_import_job(
    jobName="one-variable",
    datasetArn=dataset,
    dataSource={"dataLocation": "s3://tutorial-bucket/films/interactions.csv"},
    roleArn="arn:aws:iam::000000000000:role/Any",
)["datasetImportJobArn"]
while True:
    described = personalize.describe_dataset_import_job(datasetImportJobArn=job)["datasetImportJob"]
    if described["status"] in ("ACTIVE", "CREATE FAILED"):
        break
    time.sleep(0.2)
print(described["status"], described.get("failureReason", ""))
