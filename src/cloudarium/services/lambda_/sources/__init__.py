"""Event source mappings: Lambda polls queues and streams and invokes functions with what it finds.

A poll is a job. It runs while there is something to process and ends when its source is found
empty; the source's announcement (`contracts.sources`) then starts the next one, so that an idle
mapping costs nothing.
"""
