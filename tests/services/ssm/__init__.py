"""Tests of Parameter Store."""
