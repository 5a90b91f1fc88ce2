"""What SES thinks of a message: spam, virus, SPF, DKIM and DMARC.

Test messages decide spam and virus: GTUBE (https://spamassassin.apache.org/gtube/) and the EICAR
test file (https://www.eicar.org/download-anti-malware-testfile/). SPF, DKIM and DMARC need the
DNS, which a cloud on one machine does not ask.
"""

from __future__ import annotations

import base64

_GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# As an attachment begins with it; the last bytes depend on what follows.
_ATTACHED_EICAR = base64.b64encode(_EICAR)[:88]
PASS, FAIL, GRAY, DISABLED = "PASS", "FAIL", "GRAY", "DISABLED"


def of(content: bytes, *, scanned: bool, own: bool) -> dict[str, str]:
    """Return the verdicts on a message by what they are about.

    Spam and virus are DISABLED unless `scanned`; the cloud's `own` mail passes SPF and DKIM.
    """
    authentic = PASS if own else GRAY
    return {
        "spam": (FAIL if _GTUBE in content else PASS) if scanned else DISABLED,
        "virus": (FAIL if has_virus(content) else PASS) if scanned else DISABLED,
        "spf": authentic,
        "dkim": authentic,
        "dmarc": GRAY,
    }


def has_virus(content: bytes) -> bool:
    """Tell whether the EICAR test file is in a message, as text or as an attachment."""
    return _EICAR in content or _ATTACHED_EICAR in content.translate(None, b"\r\n")
