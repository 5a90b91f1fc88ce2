"""Amazon EventBridge Scheduler: schedules that call other services."""
