"""Tests of Service Quotas."""
