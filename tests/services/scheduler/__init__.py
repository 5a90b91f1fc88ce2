"""Tests of EventBridge Scheduler."""
