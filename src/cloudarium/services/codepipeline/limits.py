"""CodePipeline's documented numbers (AWS CodePipeline User Guide, "Quotas"); times in seconds."""

FEWEST_STAGES = 2
MOST_STAGES = 50
TAGS_PER_PIPELINE = 50
OUTPUT_VARIABLE_BYTES = 122880
# Action timeouts: approvals 7 days, CloudFormation 3 days, Lambda 20 minutes, CodeBuild 8 hours,
# deployments to S3 90 minutes.
APPROVAL_SECONDS = 7 * 24 * 3600
CLOUDFORMATION_SECONDS = 3 * 24 * 3600
LAMBDA_SECONDS = 20 * 60
CODEBUILD_SECONDS = 8 * 3600
S3_DEPLOY_SECONDS = 90 * 60
SOURCE_SECONDS = 3600
# CodePipeline asks a repository for changes about once a minute.
SOURCE_POLL_SECONDS = 60
# A template larger than this goes to CloudFormation by URL (CloudFormation's quota).
TEMPLATE_BODY_BYTES = 51200
# The most a template may have at all; no other file of an artifact is read that is larger.
FILE_BYTES = 1_048_576
# No file is deployed to S3 that is larger. Ours, not AWS's.
DEPLOYED_FILE_BYTES = 268_435_456
# Page sizes: the defaults of the API reference.
EXECUTIONS_PER_PAGE = 100
PIPELINES_PER_PAGE = 1000
# Artifact keys hold only the beginnings of names.
PIPELINE_NAME_IN_KEY = 20
ARTIFACT_NAME_IN_KEY = 10
