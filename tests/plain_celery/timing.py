"""When who is called, in both designs: shorter than in production, so that many schedules fit in an hour. Seconds."""

PAGE_ANYWAY_AFTER = 5
NEXT_PERSON_AFTER = 12
RING_FOR = 10
POLICY = {
    "page_anyway_after": PAGE_ANYWAY_AFTER,
    "pages": ["HIGH", "MEDIUM"],
    "ring_for": RING_FOR,
    "steps": [{"calls": 1, "every": NEXT_PERSON_AFTER, "wait": NEXT_PERSON_AFTER}] * 2,
    "repeat": 0,
}
