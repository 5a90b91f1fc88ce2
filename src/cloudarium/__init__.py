"""Cloudarium: the whole life of a serverless microservice, under glass."""

__version__ = "0.1.0"
