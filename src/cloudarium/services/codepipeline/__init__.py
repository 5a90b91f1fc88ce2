"""AWS CodePipeline: from a commit to a deployment, stage by stage."""
