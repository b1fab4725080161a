"""`mnist-sweeps --help`, without importing Hydra."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mnist_sweeps.planning import catalog, conf_paths

TEXT = """\
mnist-sweeps runs controlled experiments with Keras models on MNIST: a question is one YAML file.

Train
  mnist-sweeps                                     one training: MLP 512-256 on 5,000 digits
  mnist-sweeps optimizer=sgd training.epochs=5     one training, with other settings
  mnist-sweeps sweep=quickstart                    a sweep: a table, figures and verdicts
  mnist-sweeps optimizer=adam,sgd model.dropout=0,0.5          every combination
  mnist-sweeps 'model.hidden=[64,64]' seeds=5      put brackets in quotes; five seeds are 0 to 4
  mnist-sweeps sweep=quickstart size=smoke         any sweep in seconds: 1 epoch, 1 seed, 500 images
  -q, --quiet: results and errors only; -v, --verbose: step by step

Commands (mnist-sweeps COMMAND --help says more)
  mnist-sweeps new sweep NAME                      write conf/sweep/NAME.yaml, a commented sweep to start from
  mnist-sweeps from-keras FILE.keras [NAME]        write the YAML of a Sequential model; module:function makes one, too
  mnist-sweeps init                                write conf/ with one sweep, a CI workflow and a pre-commit hook
  mnist-sweeps check [OVERRIDE...]                 build the variants of a training or a sweep, train nothing;
                                                   --all: of every sweep
  mnist-sweeps list                                list every sweep and every option
  mnist-sweeps extend DIR seeds=+N                 add seeds to a finished sweep
  mnist-sweeps extend DIR training.epochs=N        train it for more epochs, from the states that keep_state=true kept
  mnist-sweeps rename DIR OLD NEW                  rename a row of a finished sweep; its runs are kept
  mnist-sweeps drop DIR ROW...                     take rows out of a finished sweep; their runs stay on the disk
  mnist-sweeps report DIR...                       write the report again from the run folders; --draw: figures, too
  mnist-sweeps status DIR                          count the runs that are completed, running, failed and left
  mnist-sweeps watch DIR                           serve the page on this machine while the sweep runs
  mnist-sweeps diff DIR[/ROW] DIR[/ROW]            compare two sweeps, or two rows
  mnist-sweeps judge FILE                          the same verdicts on runs of other tools: CSV, MLflow, Hydra
  mnist-sweeps export DIR                          write the best model by validation accuracy, with its preprocessing
                                                   and a model card; --onnx, --tflite: in these formats, too
  mnist-sweeps track DIR --to NAME                 send a sweep to a tracker afterwards
  mnist-sweeps predict EXPORT PICTURE...           recognize the handwritten digits in pictures
  mnist-sweeps schema [DIR]                        write JSON Schemas for editors

Groups (name=option)
{groups}
Keys
  precision            float32, mixed_bfloat16, mixed_float16 (Keras's dtype policies)
  seeds                a count, a list (3 is [0, 1, 2]), or until decided
  data.folds           k-fold cross-validation: each seed is trained once per fold and scored on it
  device               auto, cpu, gpu, gpu:N
  backend              auto, tensorflow, jax
  threads              threads of the backend on a CPU; they change the last bits, so a sweep keeps them
  workers              auto, or how many processes train variants at the same time
  keep_models          best (of each variant), all, none
  keep_state           true: each run keeps its state after the last epoch
  tracker              mlflow, tensorboard, wandb, or a list: they get each run as it ends
  output_initializer.name, data.path, training.early_stopping.patience, ...: `mnist-sweeps --cfg job` shows all
  fresh=true           train everything again, in a new folder with the date
  overwrite=true       move runs with other settings aside
  trials               the largest number of trials of a search

Results are in outputs/NAME. Exit codes: 0 all well, 1 some runs failed, 2 the configuration is wrong, 130 interrupted.
Hydra's own help: mnist-sweeps --hydra-help"""


def add_arguments(parser: ArgumentParser) -> None:
    """Adds nothing."""


def run(arguments: Namespace) -> int:
    """Always 0."""
    where = conf_paths.conf()
    lines = [
        f"  {group:<20} {', '.join(option.name for option in catalog.options(where, group))}"
        for group in (*catalog.GROUPS, "sweep")
    ]
    print(TEXT.format(groups="\n".join(lines) + "\n"))
    return 0
