"""The table of severity floors: words that make a report at least so severe.

Alternatives stand between commas; one space is any space. They may use groups, `?`, character classes and a counted
gap, but never a repetition inside a repetition: the time to match then grows no faster than the text.
"""

from incidents.words import Severity

FLOORS: tuple[tuple[Severity, str, str], ...] = (
    (
        Severity.HIGH,
        "memory ran out",
        r"""
            out of memory, oom[- ]?kill(ed|er|ing)?, oomkilled, java heap space
        """,
    ),
    (
        Severity.HIGH,
        "a disk is full",
        r"""
            (disk|disc|volume|partition|filesystem|file system|tablespace|inodes?|storage)( [\w'/.-]+){0,3}
            (full|exhausted|100 ?%), disk[- _]full, full disk, no space left, out of (disk|inodes|disk
            space|storage), 100 ?% (full|disk), enospc
        """,
    ),
    (
        Severity.HIGH,
        "data is lost or damaged",
        r"""
            data[- ]?loss, lost data, losing data, data (is|was|were|has been|are) (lost|gone|missing|corrupted?|wiped),
            (data|database|tables?|index(es)?|backups?|records?|filesystem)( [\w'-]+){0,2} corrupt(ed|ion)?,
            corrupt(ed)? (data|database|tables?|index(es)?|backups?|records?|pages?),
            accidentally (deleted|dropped|truncated), dropped the production, deleted (the )?prod(uction)?,
            truncated the
        """,
    ),
    (
        Severity.HIGH,
        "security is breached",
        r"""
            breach(ed)?, ransomware, compromised, exfiltrat\w{0,6}, hacked, intruder, intrusion, malware,
            cryptominer, backdoor, stolen laptop,
            (leaked|stolen|exposed)( [\w'-]+){0,4} (credentials?|passwords?|secrets?|keys?|tokens?|data),
            (keys?|tokens?|secrets?|passwords?|credentials?)
            (was|were|is|are|got|has been|have been)? ?(leaked|exposed|stolen|published), sql injection, actively
            exploited, customer data exposed, sees? other (customers?|users?|people)'?s? data
        """,
    ),
    (
        Severity.HIGH,
        "everything is down",
        r"""
            (everything|all services|all systems|all sites|whole (site|platform|system)|entire
            (site|platform|system)|the site|our site|website|production|prod|platform)( [\w'-]+){0,2}
            (down|dead|offline|unreachable), (complete|total|full|major) outage, nothing works, nobody can
            (log|sign|work|reach|use|connect|access), no ?one can (log|sign|work|reach|use|connect|access), outage
            for all, all (users|customers) (are )?affected, (users|customers|everyone|everybody)( [\w'-]+){0,3}
            (locked out|cannot log in|can't log in|unable to log in)
        """,
    ),
    (
        Severity.HIGH,
        "money does not come in",
        r"""
            (payments?|checkout|orders?|transactions?|card charges?)( [\w'-]+){0,3}
            (fail|fails|failing|failed|broken|down|rejected|declined|stuck|impossible|50[0-4]), (cannot|can't|can
            not|unable to) (pay|check ?out|place orders?|buy|purchase), charged twice, double[- ]charg\w{0,4}
        """,
    ),
    (
        Severity.MEDIUM,
        "a service is failing",
        r"""
            50[0-4]s?, 5xx, time ?outs?, timed out, timing out, unavailable, unreachable,
            crash(ed|es|ing|loop\w{0,7})?, outage, down, not responding, unresponsive, connection refused,
            connection reset, refus(es|ing) connections, panic, deadlocks?, degraded, packet loss, split[- ]brain,
            data race, segfault, broken, failing, fails, failed, exceptions?, hangs?, stuck
        """,
    ),
    (
        Severity.MEDIUM,
        "something is about to give out",
        r"""
            (8[5-9]|9\d) ?(%|percent), almost full, nearly full, running out, certificate( [\w.'-]+){0,3}
            expir\w{1,3}, replication lag, lagging behind, high (cpu|memory|load|latency), memory leak,
            throttl\w{1,5}, rate[- ]limit\w{0,3}
        """,
    ),
)
"""From the worst down. The second field finishes the sentence "the report says that …"."""

CALM = r"""
    typo, cosmetic, misaligned, wrong colou?r, spelling, how (do|can|to) , question, just wondering, feature
    request, nice to have, no rush, not urgent, low priority, minor, for information, fyi, please add, could you
    add, documentation, reset my password, request(ing)? access, new (joiner|starter|hire|laptop|monitor), scheduled
    maintenance, would like
"""
"""A report that says this, and nothing of the above, is LOW."""

NEGATIONS = frozenset(
    {"no", "not", "without", "never", "isn't", "wasn't", "aren't", "weren't", "zero", "avoid", "prevent"}
)
"""One of the two words before a match: then it is not meant ("no data loss")."""
