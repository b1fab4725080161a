"""`seeds: until decided`, as it is written."""

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import seed_list
from mnist_sweeps.config.until_decided import UntilDecided, parse_rule, seeds_after


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("until decided", UntilDecided()),
        ({"until": "decided"}, UntilDecided(3, 50)),
        ({"until": "decided", "at_least": 2, "at_most": 9, "first": 7}, UntilDecided(2, 9, 7)),
        ({"until": "decided", "budget": "1.5 h", "power": 0.9}, UntilDecided(budget=90.0, power=0.9)),
        ({"until": "decided", "budget": "30min"}, UntilDecided(budget=30.0)),
    ],
)
def test_a_rule(written, rule):
    assert parse_rule(written) == rule


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("until it works", "seeds=until it works: expected a count of at least 1, a list of whole numbers like"),
        ({"until": "done"}, "seeds.until=done: expected decided, as in {until: decided, at_most: 20}"),
        ({"at_most": 5}, "seeds.until=None: expected decided, as in {until: decided, at_most: 20}"),
        ({"until": "decided", "atmost": 5}, "seeds.atmost: "),
        ({"until": "decided", "at_least": 1}, "seeds.at_least=1: expected a whole number of at least 2"),
        ({"until": "decided", "at_most": 2}, "seeds.at_most=2: expected a whole number of at least 3"),
        ({"until": "decided", "first": -1}, "seeds.first=-1: expected a whole number of at least 0"),
        ({"until": "decided", "budget": 30}, "seeds.budget=30: expected a time, like 30 min or 2 h"),
        ({"until": "decided", "power": 95}, "seeds.power=95: expected a probability between 0 and 1"),
    ],
)
def test_a_fault_names_the_key_and_the_way_out(written, line):
    with pytest.raises(ConfigError) as raised:
        parse_rule(written)
    assert str(raised.value).startswith(line)


def test_its_seeds_follow_each_other():
    assert UntilDecided(first=100).seeds(3) == [100, 101, 102]
    assert seed_list({"until": "decided", "first": 4}) == [4, 5, 6]
    assert seeds_after([5, 9, 7], 2) == [5, 9, 7, 10, 11]
