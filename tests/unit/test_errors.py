"""The error tree and its one shape."""

from publisher.errors import Finding, InputError, PublisherError


def test_a_finding_reads_as_place_field_fault_and_remedy() -> None:
    """The line an editor sees can be clicked in a terminal and says what to type."""
    finding = Finding("issues/2025-12-10/01.md", 3, 8, "slug", "has a space", "type dam-opens")
    assert str(finding) == "issues/2025-12-10/01.md:3:8: slug: has a space -> type dam-opens"


def test_a_finding_about_a_whole_file_has_no_numbers() -> None:
    """Line 0 means the file as a whole."""
    assert str(Finding("publication.toml", 0, 0, "", "is missing")) == "publication.toml: is missing"


def test_input_errors_report_in_order_of_place() -> None:
    """Two runs over the same files tell the same story."""
    first, second = Finding("a.md", 1, 1, "", "x"), Finding("a.md", 9, 1, "", "y")
    assert str(InputError([second, first])) == f"{first}\n{second}"


def test_every_error_says_what_to_do() -> None:
    """The hint stands behind an arrow."""
    assert str(PublisherError("The disk is full", hint="free 20 MB")) == "The disk is full -> free 20 MB"
