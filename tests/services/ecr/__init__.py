"""Tests of ECR."""
