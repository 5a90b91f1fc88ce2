"""SDKs: which kinds there are, and the JavaScript one."""
