aws logs create-log-group --log-group-name /aws/lambda/profile
aws logs create-log-group --log-group-name g
