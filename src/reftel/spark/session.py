"""Spark itself: whether it can run here, a session, and its errors in one line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reftel.errors import ReftelError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

_JAVA = 17
_PYSPARK = 4
_TRIES = 4  # of a task, as on a cluster: in local mode Spark gives up after one otherwise
_VERSION = re.compile(r'version "(?:1\.)?(\d{1,3})')
_NO_FILE_SYSTEM = re.compile(r"No FileSystem for scheme \"?(\w+)|Class (\S+FileSystem\w*) not found")
_OWN = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower()}
_HERE = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}  # nobody else is to reach it
_FLAGS = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # the cores are Python's: a Java that neither compiles nor cleans much
)
_RECORDS = "spark.sql.execution.arrow.maxRecordsPerBatch"
_FILES, _ROWS = "32", "10000"  # to a batch: a record may be a whole file, or a row of a few hundred bytes
_BATCH = {_RECORDS: _FILES, "spark.sql.execution.arrow.maxBytesPerBatch": str(64 << 20)}


@contextmanager
def session(workers: int) -> Iterator[SparkSession]:
    """The session that runs already (a notebook's), or that spark-submit set up, or one on this machine.

    One made here is stopped at the end. Raises ReftelError, one clear line, where PySpark or Java is missing, and for
    what Spark raises inside the block.
    """
    _need_pyspark()
    from py4j.protocol import Py4JError  # noqa: PLC0415  # an optional library
    from pyspark.errors import PySparkException  # noqa: PLC0415  # the same
    from pyspark.sql import SparkSession  # noqa: PLC0415  # the same

    found = SparkSession.getActiveSession()
    try:
        spark = found or _started(workers)
    except (PySparkException, Py4JError) as error:
        raise ReftelError(f"Spark did not start: {said(error)}") from None
    before = {name: spark.conf.get(name, None) for name in _BATCH}
    try:
        for name, value in _BATCH.items():
            spark.conf.set(name, value)
        yield spark
    except (PySparkException, Py4JError) as error:
        raise ReftelError(f"Spark: {said(error)}") from None
    finally:
        _leave(spark, before, is_ours=found is None)


@contextmanager
def small_rows(spark: SparkSession) -> Iterator[None]:
    """Larger batches in the block, whose rows are small."""
    spark.conf.set(_RECORDS, _ROWS)
    yield
    spark.conf.set(_RECORDS, _FILES)


def said(error: BaseException) -> str:
    """What an error of Spark's says, in one line and with a remedy where there is one."""
    text = str(error)
    if missing := _NO_FILE_SYSTEM.search(text):
        what = missing[1] or missing[2]
        return f"no file system for {what} is installed; start it with the package, see docs/scale.md"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line for line in lines if not line.startswith(("at ", "File ", "Traceback", "JVM stacktrace"))]
    return (causes or lines or [type(error).__name__])[0].rstrip(".")


def _need_pyspark() -> None:
    remedy = "install it with `pip install 'reftel[spark]'`"
    try:
        import pandas as pd  # noqa: F401, PLC0415  # an optional library; Spark's maps over Arrow ask for it
        import pyarrow as pa  # noqa: F401, PLC0415  # the same
        import pyspark  # noqa: PLC0415  # the same
    except ImportError:
        raise ReftelError(f"the Spark engine needs PySpark {_PYSPARK}, pandas and pyarrow: {remedy}") from None
    if int(pyspark.__version__.partition(".")[0]) < _PYSPARK:
        raise ReftelError(f"the Spark engine needs PySpark {_PYSPARK}, this is {pyspark.__version__}: {remedy}")


def _started(workers: int) -> SparkSession:
    from pyspark.sql import SparkSession  # noqa: PLC0415  # an optional library

    builder = SparkSession.builder.appName("reftel build")
    if "PYSPARK_GATEWAY_PORT" not in os.environ:  # else spark-submit has started Java, and chosen the master
        _need_java()
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        log = f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties').as_uri()}"
        own = {**_OWN, "spark.driver.extraJavaOptions": log}
        if "spark.master" not in _defaults():
            own |= {**_HERE, "spark.master": f"local[{workers},{_TRIES}]"}
            own |= {
                "spark.sql.shuffle.partitions": str(4 * workers),
                "spark.driver.extraJavaOptions": f"{log} {_FLAGS}",
            }
        for name, value in own.items():
            builder = builder.config(name, value)
    return builder.getOrCreate()


def _defaults() -> str:
    """The text of spark-defaults.conf, where somebody keeps one."""
    home = os.environ.get("SPARK_CONF_DIR") or str(Path(os.environ.get("SPARK_HOME", "")) / "conf")
    path = Path(home) / "spark-defaults.conf"
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _need_java() -> None:
    remedy = f"install Java {_JAVA} or newer, or set JAVA_HOME"
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home) / "bin" / "java") if home else "java")
    if java is None:
        where = f"in JAVA_HOME ({home})" if home else "on this machine"
        raise ReftelError(f"the Spark engine needs Java, and there is none {where}; {remedy}")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603  # the user's own Java
    version = _VERSION.search(told)
    if version and int(version[1]) < _JAVA:
        raise ReftelError(f"the Spark engine needs Java {_JAVA}, and {java} is {version[1]}; {remedy}")


def _leave(spark: SparkSession, before: dict[str, str | None], *, is_ours: bool) -> None:
    """Stop the session, or leave it as it was found."""
    if is_ours:
        spark.stop()
        return
    for name, value in before.items():
        if value is None:
            spark.conf.unset(name)
        else:
            spark.conf.set(name, value)
