"""What carries actions out: a module per provider, each with `async step(work) -> Outcome`."""
