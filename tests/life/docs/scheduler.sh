trust='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
aws iam create-role --role-name scheduler --assume-role-policy-document "$trust"
cloudarium aws sqs create-queue --queue-name jobs
