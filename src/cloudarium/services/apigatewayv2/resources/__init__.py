"""CloudFormation's `AWS::ApiGatewayV2` resource types."""
