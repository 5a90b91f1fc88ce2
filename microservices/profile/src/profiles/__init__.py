"""What users tell about themselves. (Not named `profile`: that is a module of Python's own.)"""
