"""IAM's CloudFormation resource types.

Properties, what replaces and what attributes there are: "AWS::IAM resource types reference",
CloudFormation User Guide.
"""
