"""The calls that other tests make, each sent again with something wrong in it.

    make hostile [TESTS=tests/services/sqs] [SEED=2]

What a test has set up is there when its calls come again spoilt: so they get further than random
requests do. Some copies have a wrong parameter, one is right but wrongly written. Nothing that is
sent may be answered with a 500, left unanswered or end in a traceback.

Tests of their own drive what is no call of an API: addresses, deployed APIs, git, mail and SSH.
"""
