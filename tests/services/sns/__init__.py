"""Tests of SNS."""
