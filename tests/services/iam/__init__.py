"""Tests of IAM and STS."""
