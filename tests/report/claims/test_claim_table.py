"""The table of claims, in every form of the report."""

import csv
import io

import pytest

from mnist_sweeps.config.claim_spec import parse_claim
from mnist_sweeps.report import read, write
from mnist_sweeps.report.claims import claim_table
from mnist_sweeps.report.page import render
from mnist_sweeps.report.tables import csv_files, markdown, text

SWEEP_CLAIMS = [
    {"says": "wide <nets> are better", "row": "wide", "is": "higher", "metric": "test_accuracy", "against": "512-256"},
    {"says": "and slower", "row": "wide", "is": "higher", "metric": "seconds", "against": "512-256"},
    {
        "says": "a good net",
        "row": "wide",
        "is": "at least",
        "metric": "test_accuracy",
        "value": 0.98,
        "printed": "98.7",
    },
]


@pytest.fixture
def claiming(three_rows):
    three_rows.plan["claims"] = SWEEP_CLAIMS
    columns = {"columns": ["test_accuracy"], "rows": {"wide": [0.988], "512-256": [0.985]}}
    three_rows.plan["reference"] = columns
    return three_rows


def test_a_line_says_what_was_said_printed_and_measured(claiming):
    better, slower, good = (claim_table.cells(one) for one in read(claiming.save()).claims)
    assert better[1] == "test accuracy of wide higher than 512-256"
    assert better[2] == "98.80 against 98.50"
    assert better[3] == "98.85 ± 0.05 against 98.45 ± 0.05 (n = 3, 3): +0.40 [+0.29, +0.51] pp"
    assert better[4] == "holds"
    assert slower[3:] == ("2.50 ± 0.00 against 2.50 ± 0.00 (n = 3, 3)", "cannot be told from noise (no spread known)")
    assert good[1:3] == ("test accuracy of wide at least 98.00", "98.7")


def test_a_single_run_is_told(sweep):
    sweep.row("base", [0.98])
    sweep.row("wide", [0.99])
    sweep.plan["claims"] = [{**SWEEP_CLAIMS[0], "against": "base"}]
    (one,) = read(sweep.save()).claims
    assert claim_table.cells(one)[3].endswith("(n = 1, 1): +1.00 [+0.76, +1.24] pp, band of the noise law")
    assert claim_table.record(one)["p_adjusted"] is None


@pytest.mark.parametrize("render", [text.render, markdown.render, render.render])
def test_every_form_has_the_claims_and_says_how_they_were_judged(claiming, render):
    drawn = render(read(claiming.save()))
    assert "are better" in drawn and "<nets>" in drawn.replace("&lt;", "<").replace("&gt;", ">").replace("\\", "")
    assert "Verdicts use p by Holm over 2 tests." in drawn.replace("\n", " ")


@pytest.mark.parametrize("render", [text.render, markdown.render, render.render])
def test_no_form_speaks_of_claims_that_there_are_not(three_rows, render):
    assert "Claim" not in render(read(three_rows.save()))


def test_names_are_no_markup(claiming):
    assert "wide <nets>" not in render.render(read(claiming.save()))


def test_claims_csv_is_written_only_for_claims(claiming):
    report = write(claiming.save())
    lines = list(csv.DictReader(io.StringIO((claiming.folder / "claims.csv").read_text())))
    assert [line["verdict"] for line in lines] == ["holds", "cannot be told from noise", "holds"]
    assert float(lines[0]["difference"]) == pytest.approx(0.004)
    assert csv_files.claims_csv(report) == (claiming.folder / "claims.csv").read_text()


def test_a_metric_of_epochs_is_told_in_words(three_rows):
    of_epochs = {"says": "it falls", "row": "wide", "is": "at most", "value": 0.4, "metric": "train_loss[1:2]"}
    three_rows.plan["claims"] = [of_epochs, {**of_epochs, "metric": "parameters", "value": 537_354}]
    falls, small = (claim_table.cells(one) for one in read(three_rows.save()).claims)
    assert falls[1] == "train loss, mean of epochs 1 to 2, of wide at most 0.4000"
    assert small[1:] == (
        "parameters of wide at most 537,354",
        "",
        "537,354 ± 0 (n = 3)",
        "holds (all runs are equal)",
    )


def test_the_footnote_tells_evaluated_training_images_from_running_averages(three_rows):
    claim = {"says": "so", "row": "wide", "is": "at most", "value": 0.1}
    for metric, said in (("gap", "running average"), ("evaluated_gap", "Evaluated means: of the training images")):
        three_rows.plan["claims"] = [{**claim, "metric": metric}]
        assert said in claim_table.footnote(read(three_rows.save()).claims)


def test_of_seeds_added_until_decided_those_that_were_compared_are_shown(sweep):
    sweep.row("base", [0.90, 0.92, 0.94, 0.99])
    sweep.row("wide", [0.95, 0.96, 0.97], compared_with="base")
    claim = {"says": "so", "row": "wide", "is": "higher", "against": "base", "metric": "test_accuracy"}
    sweep.plan |= {"baseline": "base", "until_decided": {"at_least": 3, "at_most": 50}, "claims": [claim]}
    (judged,) = read(sweep.save()).claims
    line = claim_table.record(judged)
    assert (line["runs"], line["against_runs"]) == (3, 3)
    assert line["mean"] - line["against_mean"] == pytest.approx(line["difference"])


def test_an_entry_of_the_confusion_matrix_in_words():
    claim = parse_claim({"says": "so", "row": "wide", "is": "at least", "value": 0.05, "metric": "confusion_8_5"})
    assert claim_table.expected(claim) == "share of 8 recognized as 5, of wide at least 5.00"


def test_an_entry_of_the_confusion_matrix_needs_the_images(sweep):
    sweep.row("wide", [0.9, 0.91])
    sweep.plan["claims"] = [{"says": "so", "row": "wide", "is": "at least", "value": 0.05, "metric": "confusion_8_5"}]
    (judged,) = read(sweep.save()).claims
    assert judged.reason == "wide: no predictions, no test images on this machine, or no such class"
