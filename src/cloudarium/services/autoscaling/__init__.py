"""Application Auto Scaling: capacities that follow metrics and schedules."""
