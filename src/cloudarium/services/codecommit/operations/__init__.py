"""The operations of CodeCommit's API."""
