"""The policy language and its evaluation: pure logic, no context, no SQL."""
