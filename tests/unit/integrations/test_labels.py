"""Labels of ours follow the incident; labels of other people stay."""

from integrations.labels import outdated


def test_only_our_labels_that_are_not_wanted_any_more_go() -> None:
    current = ["tocsin", "tocsin-1", "category-database", "severity-high", "customer-acme"]
    assert outdated(current, ["tocsin", "category-network", "severity-high"]) == ["category-database"]
