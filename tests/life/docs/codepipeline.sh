trust='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "codepipeline.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
aws iam create-role --role-name pipeline --assume-role-policy-document "$trust"
aws iam attach-role-policy --role-name pipeline --policy-arn arn:aws:iam::aws:policy/AdministratorAccess
aws s3 mb s3://artifacts
aws codecommit create-repository --repository-name profile
aws codecommit put-file --repository-name profile --branch-name main --file-path a.txt --file-content "$(echo a | base64)"
cat > pipeline.json <<'JSON'
{"pipeline": {"name": "profile", "roleArn": "arn:aws:iam::000000000000:role/pipeline", "pipelineType": "V2",
  "artifactStore": {"type": "S3", "location": "artifacts"},
  "stages": [
    {"name": "Source", "actions": [{"name": "Commit", "outputArtifacts": [{"name": "source"}],
      "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "CodeCommit", "version": "1"},
      "configuration": {"RepositoryName": "profile", "BranchName": "main", "PollForSourceChanges": "false"}}]},
    {"name": "Gate", "actions": [{"name": "Approve",
      "actionTypeId": {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}}]}]}}
JSON
