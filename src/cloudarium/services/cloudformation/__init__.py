"""AWS CloudFormation: stacks, change sets, exports."""
