"""Amazon EventBridge: buses, rules, targets, schedules."""
