"""One file per way of training; in a race each is `train(config, arrays, epochs, gate)`.

Data, network and optimizer come from the same config for all of them: only the loop differs.
"""

BACKENDS = {"notebook_fit": "tensorflow", "tuned_tensorflow": "tensorflow", "tuned_jax": "jax"}  # of Keras; else ours

LABELS = {
    "ours": "this project, one training",
    "ours_side_by_side": "this project as a sweep runs it, a row on each core",
    "handwritten_jax": "hand-written JAX loop",
    "tuned_jax": "Keras `fit` on JAX, 32 steps per execution",
    "tuned_tensorflow": "Keras `fit` on TensorFlow, 32 steps per execution",
    "notebook_fit": "Keras `fit` on TensorFlow, as a notebook writes it",
    "kernels": "the multiplications alone",
    "sgemm": "sgemm 2048 x 2048 x 2048",
}
