#!/bin/bash
# AWS's getting-started tutorial by the AWS CLI, its role and its bucket among it.
#
# usage: tutorial.sh INTERACTIONS_FILE
#
# The environment says where and as whom: AWS_ENDPOINT_URL, credentials and region; `aws` is on the path.
set -euo pipefail

csv_file=$1
export AWS_PAGER=''
here=$(mktemp -d)
trap 'rm -r "$here"' EXIT

# get ANSWER MEMBER: runs `aws` with the remaining words and gives a member of the answer.
get() {
  local member=$1
  shift
  aws "$@" --query "$member" --output text
}

# wait_for KIND MEMBER ARN
wait_for() {
  local status
  for _ in $(seq 120); do
    status=$(get "$2.status" personalize "describe-$1" "--$1-arn" "$3")
    case $status in
      ACTIVE) return ;;
      *FAILED*) aws personalize "describe-$1" "--$1-arn" "$3" && exit 1 ;;
    esac
    sleep 0.5
  done
  echo "$3 is $status"
  exit 1
}

account=$(get Account sts get-caller-identity)
bucket=personalize-tutorial-$account
aws s3 mb "s3://$bucket"
aws s3 cp "$csv_file" "s3://$bucket/interactions.csv"
cat > "$here/bucket-policy.json" <<DOCUMENT
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "personalize.amazonaws.com"},
    "Action": ["s3:GetObject", "s3:ListBucket"],
    "Resource": ["arn:aws:s3:::$bucket", "arn:aws:s3:::$bucket/*"]
  }]
}
DOCUMENT
aws s3api put-bucket-policy --bucket "$bucket" --policy "file://$here/bucket-policy.json"

cat > "$here/trust.json" <<'DOCUMENT'
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "personalize.amazonaws.com"},
    "Action": "sts:AssumeRole"
  }]
}
DOCUMENT
cat > "$here/access.json" <<DOCUMENT
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:ListBucket"],
    "Resource": ["arn:aws:s3:::$bucket", "arn:aws:s3:::$bucket/*"]
  }]
}
DOCUMENT
role=$(get Role.Arn iam create-role --role-name TutorialRole --assume-role-policy-document "file://$here/trust.json")
policy=$(get Policy.Arn iam create-policy --policy-name TutorialBucket --policy-document "file://$here/access.json")
aws iam attach-role-policy --role-name TutorialRole --policy-arn "$policy"

cat > "$here/schema.json" <<'DOCUMENT'
{
  "type": "record",
  "name": "Interactions",
  "namespace": "com.amazonaws.personalize.schema",
  "fields": [
    {"name": "USER_ID", "type": "string"},
    {"name": "ITEM_ID", "type": "string"},
    {"name": "EVENT_TYPE", "type": "string"},
    {"name": "TIMESTAMP", "type": "long"}
  ],
  "version": "1.0"
}
DOCUMENT
schema=$(get schemaArn personalize create-schema --name cli-schema --schema "file://$here/schema.json")
group=$(get datasetGroupArn personalize create-dataset-group --name cli)
wait_for dataset-group datasetGroup "$group"
dataset=$(get datasetArn personalize create-dataset --name cli-data --dataset-group-arn "$group" \
  --dataset-type Interactions --schema-arn "$schema")
import=$(get datasetImportJobArn personalize create-dataset-import-job --job-name cli-import --dataset-arn "$dataset" \
  --data-source "dataLocation=s3://$bucket/interactions.csv" --role-arn "$role")
wait_for dataset-import-job datasetImportJob "$import"
solution=$(get solutionArn personalize create-solution --name cli-solution --dataset-group-arn "$group" \
  --recipe-arn arn:aws:personalize:::recipe/aws-user-personalization-v2 --no-perform-auto-training)
version=$(get solutionVersionArn personalize create-solution-version --solution-arn "$solution")
wait_for solution-version solutionVersion "$version"
campaign=$(get campaignArn personalize create-campaign --name cli-campaign --solution-version-arn "$version" \
  --min-provisioned-tps 1)
wait_for campaign campaign "$campaign"
get 'itemList[].itemId' personalize-runtime get-recommendations --campaign-arn "$campaign" --user-id ua3 \
  --num-results 10

aws personalize delete-campaign --campaign-arn "$campaign"
aws iam detach-role-policy --role-name TutorialRole --policy-arn "$policy"
aws iam delete-policy --policy-arn "$policy"
aws iam delete-role --role-name TutorialRole
aws s3 rb "s3://$bucket" --force
