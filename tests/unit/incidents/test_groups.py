"""Which group a name means, and what is said when it means none."""

import pytest

from incidents import groups
from incidents.errors import IncidentError
from incidents.match import Match
from incidents.policies import Named
from incidents.policy import DEFAULT_POLICY
from incidents.ports import Group

SRE, OPS = Group("S0SRE", "sre", "SRE", {"U0BEA"}), Group("S0OPS", "sre-ops", "Operations", set())
SLY = Group("S0SLY", "S0SRE", "Called like another one's id", set())


@pytest.mark.parametrize("name", ["sre", "@sre", "@SRE", " @sre ", "S0SRE"])
def test_a_group_is_named_by_handle_or_id(name: str) -> None:
    assert groups.find([SLY, OPS, SRE], name) is SRE


@pytest.mark.parametrize(
    "name", ["", "@", "@@sre", "sre-team", "SRE team", "s0ops", "<!subteam^S0SRE>", "sre\x00", "%"]
)
def test_nothing_else_names_one(name: str) -> None:
    with pytest.raises(IncidentError, match="There are: @S0SRE, @sre, @sre-ops"):
        groups.find([OPS, SRE, SLY], name)


def test_of_many_groups_and_of_long_names_not_all_is_said() -> None:
    many = [Group(f"S{n}", f"g{n:03}", "", set()) for n in range(300)]
    with pytest.raises(IncidentError, match=r"@g019 and 280 more\.$") as refused:
        groups.find(many, "x" * 1000)
    assert len(str(refused.value)) < 300


def test_where_slack_has_none_that_is_said() -> None:
    with pytest.raises(IncidentError, match="There is none at all"):
        groups.find([], "sre")


def test_those_that_policies_call_are_found_in_their_steps() -> None:
    steps = [{"calls": 1, "every": 60, "wait": 60, "to": to} for to in ({"group": "S0OPS"}, None, {"group": "S0SRE"})]
    definition = {**DEFAULT_POLICY, "steps": steps}
    assert groups.named([Named(None, "default", Match(), each) for each in (DEFAULT_POLICY, definition)]) == {
        "S0OPS",
        "S0SRE",
    }
