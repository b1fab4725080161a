"""A warm-up in front of any of Keras's learning-rate schedules; of these only CosineDecay has one."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="mnist_sweeps")
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """Rises linearly from 0 to the first rate of a schedule, which begins after it."""

    def __init__(self, schedule: Any, warmup_steps: int) -> None:
        super().__init__()
        self.schedule = keras.optimizers.schedules.deserialize(schedule) if isinstance(schedule, dict) else schedule
        self.warmup_steps = warmup_steps

    def __call__(self, step: Any) -> Any:
        """The learning rate of an update.

        Args:
            step: The number of updates before it.
        """
        steps = keras.ops.convert_to_tensor(step)
        rate = self.schedule(keras.ops.maximum(steps - self.warmup_steps, 0))
        share = keras.ops.cast(steps, rate.dtype) / self.warmup_steps
        return rate * keras.ops.minimum(share, 1)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal schedule."""
        return {
            "schedule": keras.optimizers.schedules.serialize(self.schedule),
            "warmup_steps": self.warmup_steps,
        }
