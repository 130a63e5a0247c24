"""Bugs between us and a provider."""

from tests.mutants.mutant import Change, Mutant

LIBRARIES_REPEAT = Mutant(
    name="libraries-repeat",
    breaks="The SDKs repeat a request whose answer was lost, as they do unless they are told not to.",
    changes=(
        Change(
            "integrations/slack.py",
            "            retry_handlers=[],\n",
            "",
        ),
        Change(
            "integrations/jira.py",
            "max_retries=0,",
            "max_retries=3,",
        ),
        Change(
            "integrations/twilio_http.py",
            "with requests.Session() as session, _translated():\n            answer = session.request(",
            "with requests.Session() as session, _translated():\n"
            "            again = requests.adapters.Retry(3, allowed_methods=None, status_forcelist=[500])\n"
            '            session.mount("http://", requests.adapters.HTTPAdapter(max_retries=again))\n'
            "            answer = session.request(",
        ),
    ),
    test="tests/integration/integrations/test_provider_trouble.py"
    "::test_trouble_is_temporary_and_the_request_was_sent_once[twilio-reset-after]",
)
