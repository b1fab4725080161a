"""`mnist-sweeps --help`: what there is to say, without importing Hydra."""

from __future__ import annotations

from mnist_sweeps.planning import catalog, conf_paths

TEXT = """\
mnist-sweeps: a question is one YAML file; one command trains every answer.

  mnist-sweeps                                     one training: MLP 512-256 on 5,000 digits
  mnist-sweeps optimizer=sgd training.epochs=5     one training, changed
  mnist-sweeps sweep=quickstart                    a sweep: a table, pictures and a verdict
  mnist-sweeps optimizer=adam,sgd model.dropout=0,0.5          every combination
  mnist-sweeps 'model.hidden=[64,64]' seeds=5      quote brackets; seeds 0 to 4
  mnist-sweeps sweep=quickstart size=smoke         anything, in seconds

  mnist-sweeps check [sweep=NAME] [overrides]      builds every variant, trains nothing
  mnist-sweeps list                                every sweep, every option
  mnist-sweeps report DIR... [--draw]              the report again (and each picture), from the run folders;
                                                   --pair 4,9 and --by predicted ask something of the pictures
  mnist-sweeps status DIR                          done, running, failed, left
  mnist-sweeps export DIR                          the best model by validation, with its card
  mnist-sweeps schema [DIR]                        JSON Schemas, with which an editor completes and checks YAML

Groups (name=option)
{groups}
Keys
  seeds                a count or a list: 3 is [0, 1, 2]
  data.folds           trains each seed so often, each time without one fold on which it is scored
  device               auto, cpu, gpu, gpu:N
  backend              auto, tensorflow, jax
  threads              of the backend on a CPU; they change bits, so a sweep keeps them
  keep_models          best (of each variant), all, none
  output_initializer.name, data.path, training.early_stopping.patience, ...: `mnist-sweeps --cfg job` shows all
  fresh=true           trains all anew, in a dated folder
  overwrite=true       moves aside what was trained with other settings
  trials               of a search, at most

Results are in outputs/NAME. Exit code: 0 all well, 1 some runs failed, 2 the configuration is wrong, 130 interrupted.
Hydra's own help: mnist-sweeps --hydra-help"""


def main(words: list[str]) -> int:
    """Always 0."""
    where = conf_paths.conf()
    lines = [
        f"  {group:<20} {', '.join(option.name for option in catalog.options(where, group))}"
        for group in (*catalog.GROUPS, "sweep")
    ]
    print(TEXT.format(groups="\n".join(lines) + "\n"))
    return 0
