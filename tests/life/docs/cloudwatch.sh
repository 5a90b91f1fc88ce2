topic=$(aws sns create-topic --name operators --query TopicArn --output text)
