"""Trials of a conditional space: what they draw, and how a sampler is told what others drew."""

from mnist_sweeps.config.sweep_spec import SearchSpec
from mnist_sweeps.planning import sampler, search_space
from mnist_sweeps.planning.draws import parameters
from mnist_sweeps.planning.search_space import Conditional, Interval, Layers, Space, Values

WIDTHS = Values((64, 128, 256))
SPACE: Space = {
    "model.hidden": Layers(1, 3, WIDTHS),
    "optimizer.momentum": Conditional(Interval(0.0, 0.99), "optimizer", "sgd"),
    "optimizer": Values(("adam", "sgd")),
}
SEARCH = SearchSpec(trials=20, sampler="tpe")


def test_every_trial_is_one_that_the_space_allows() -> None:
    scored = []
    for number in range(24):  # from the tenth trial on, TPE goes by those before
        (settings,) = sampler.ask(SEARCH, SPACE, scored, 1)
        scored.append((settings, number / 24))
        assert 1 <= len(settings["model.hidden"]) <= 3
        assert set(settings["model.hidden"]) <= set(WIDTHS.values)
        assert ("optimizer.momentum" in settings) == (settings["optimizer"] == "sgd")
    assert {len(settings["model.hidden"]) for settings, _ in scored} == {1, 2, 3}
    assert sampler.ask(SEARCH, SPACE, scored, 2) == sampler.ask(SEARCH, SPACE, scored, 2)
    shares = sampler.importances(SEARCH, SPACE, scored)
    names = {"len(model.hidden)", *(f"model.hidden.{place}" for place in range(3)), "optimizer", "optimizer.momentum"}
    assert shares.keys() == names
    assert sampler.importance_intervals(SEARCH, SPACE, scored).keys() == names


def test_a_trial_has_the_parameters_that_it_drew() -> None:
    settings = {"model.hidden": [64, 256], "optimizer": "adam"}
    assert {name: value for name, (value, _) in parameters(SPACE, settings).items()} == {
        "len(model.hidden)": 2, "model.hidden.0": 64, "model.hidden.1": 256, "optimizer": "adam",
    }  # fmt: skip
    complete = parameters(SPACE, settings, complete=True)
    assert (complete["model.hidden.2"][0], complete["optimizer.momentum"][0]) == (128, 0.495)


def test_the_ends_are_probed_where_their_condition_holds() -> None:
    probes = list(search_space.probes(SPACE).values())
    assert probes[0] == {"model.hidden": [64], "optimizer": "adam"}
    for needed in (
        {"model.hidden": [64] * 3, "optimizer": "adam"},
        {"model.hidden": [256] * 3, "optimizer": "adam"},
        {"model.hidden": [64], "optimizer": "sgd", "optimizer.momentum": 0.0},
    ):
        assert needed in probes
    assert all(("optimizer.momentum" in probe) == (probe["optimizer"] == "sgd") for probe in probes)
