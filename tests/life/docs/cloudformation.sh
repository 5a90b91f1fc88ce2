echo '{"Resources": {"Orders": {"Type": "AWS::SQS::Queue"}}}' > template.yaml
