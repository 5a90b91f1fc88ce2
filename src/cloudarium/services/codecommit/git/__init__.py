"""Git itself: bare repositories on disk, read and written by API, served over HTTP and SSH."""
