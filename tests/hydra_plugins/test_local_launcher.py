"""The launcher passes the suites that hydra-core ships for launchers of its own."""

from collections.abc import Iterator

from hydra.core.plugins import Plugins
from hydra.core.singleton import Singleton
from hydra.plugins.launcher import Launcher
from hydra.test_utils.launcher_common_tests import IntegrationTestSuite, LauncherTestSuite
from hydra.version import VersionBase
from pytest import fixture, mark


@fixture(autouse=True)
def no_version_base() -> Iterator[None]:
    """The suites expect a process in which nobody has chosen one; our own sessions choose 1.3."""
    chosen = Singleton._instances.pop(VersionBase, None)
    yield
    if chosen is not None:
        Singleton._instances[VersionBase] = chosen


def test_hydra_finds_it() -> None:
    assert "LocalLauncher" in [plugin.__name__ for plugin in Plugins.instance().discover(Launcher)]


@mark.parametrize(("launcher_name", "overrides"), [("local", ["hydra.launcher.workers=2"])])
class TestLauncher(LauncherTestSuite):
    pass


@mark.parametrize(
    ("task_launcher_cfg", "extra_flags"), [({}, ["-m", "hydra/launcher=local", "hydra.launcher.workers=2"])]
)
@mark.slow
class TestIntegration(IntegrationTestSuite):
    pass
