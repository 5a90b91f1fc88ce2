"""The operations of CodePipeline's API."""
