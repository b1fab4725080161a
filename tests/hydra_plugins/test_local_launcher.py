"""The launcher passes the suites that hydra-core ships for launchers of its own."""

from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from hydra.test_utils.launcher_common_tests import IntegrationTestSuite, LauncherTestSuite
from pytest import mark


def test_hydra_finds_it() -> None:
    assert "LocalLauncher" in [plugin.__name__ for plugin in Plugins.instance().discover(Launcher)]


@mark.parametrize(("launcher_name", "overrides"), [("local", ["hydra.launcher.workers=2"])])
class TestLauncher(LauncherTestSuite):
    pass


@mark.parametrize(
    ("task_launcher_cfg", "extra_flags"), [({}, ["-m", "hydra/launcher=local", "hydra.launcher.workers=2"])]
)
class TestIntegration(IntegrationTestSuite):
    pass
