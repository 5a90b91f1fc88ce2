"""What every service stands on: dispatch, context, store, outbox, jobs, clock, identity."""
