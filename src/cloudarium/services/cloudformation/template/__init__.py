"""Templates as pure logic: parse, validate, evaluate, compare. No context, no SQL."""
