"""CodeCommit's documented numbers (AWS CodeCommit User Guide, "Quotas", unless said otherwise)."""

REPOSITORIES_PER_BATCH = 100
DESCRIPTION_CHARACTERS = 1000
COMMITS_PER_BATCH = 100
FILE_BYTES = 6 * 1024 * 1024
COMMIT_BYTES = 7 * 1024 * 1024
FILE_ENTRIES_PER_COMMIT = 100
COMMIT_MESSAGE_BYTES = 256 * 1024
TAGS_PER_REPOSITORY = 50
TRIGGERS_PER_REPOSITORY = 10
BRANCHES_PER_TRIGGER = 10
TRIGGER_DATA_CHARACTERS = 1000
# Page sizes are not documented; these are generous enough for every page to be one answer.
REPOSITORIES_PER_PAGE = 1000
BRANCHES_PER_PAGE = 1000
DIFFERENCES_PER_PAGE = 400
# RFC 5321: the longest address a mail path can carry.
EMAIL_CHARACTERS = 254
NAME_CHARACTERS = 255
# The credential helper's signature is as old as its timestamp says; AWS accepts 15 minutes
# (the same allowance Signature Version 4 has).
GIT_SIGNATURE_SECONDS = 15 * 60
