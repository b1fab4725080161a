"""The comments behind fields."""

from dataclasses import dataclass

from mnist_sweeps.config.field_comments import field_comments
from mnist_sweeps.config.schema import Training


@dataclass
class Described:
    """A dataclass."""

    first: int = 1  # of many
    second: str = "# no comment"
    third: float = 0.5  # with a # in it

    @property
    def fourth(self) -> int:  # of no field
        return 4


def test_a_comment_belongs_to_the_field_on_its_line() -> None:
    assert field_comments(Described) == {"first": "of many", "third": "with a # in it"}


def test_the_comments_of_the_configuration_are_found() -> None:
    assert "validation accuracy" in field_comments(Training)["floor"]
    assert "epochs" not in field_comments(Training)
