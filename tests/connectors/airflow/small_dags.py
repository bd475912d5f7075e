"""DAGs that show what a pipeline can come to, as Airflow reads them."""

from __future__ import annotations

DAGS = {
    "small.py": """
from __future__ import annotations

from datetime import datetime, timedelta

from airflow.sdk import Asset, dag, get_current_context, task

rates = Asset(name="rates", uri="file:///data/rates.csv")
summary = Asset(name="summary", uri="file:///data/summary.csv")
begin = datetime(2026, 1, 1)


@dag(dag_id="good", schedule=None, start_date=begin, tags=["team:payments", "nightly"])
def good():
    @task(outlets=[rates])
    def write():
        return 1

    write()


@dag(dag_id="bad", schedule=None, start_date=begin, default_args={"owner": "growth"})
def bad():
    @task
    def fail():
        raise ValueError("no")

    @task
    def after(found):
        return found

    after(fail())


@dag(
    dag_id="flaky",
    schedule=None,
    start_date=begin,
    default_args={"retries": 4, "retry_delay": timedelta(seconds=1)},
)
def flaky():
    @task
    def third():
        if get_current_context()["ti"].try_number < 3:
            raise ValueError("not yet")

    @task
    def each(number):
        return number

    third()
    each.expand(number=[1, 2])


@dag(dag_id="daily", schedule="0 0 * * *", start_date=datetime(2020, 1, 1), catchup=False)
def daily():
    @task
    def load():
        return 1

    load()


@dag(dag_id="reader", schedule=[rates], start_date=begin)
def reader():
    @task(inlets=[rates], outlets=[summary])
    def read():
        return 1

    read()


good(), bad(), flaky(), daily(), reader()
""",
    "broken.py": """
# airflow looks for DAGs in files that speak of it and of a dag
raise RuntimeError("broken on purpose, password=secret-in-a-trace")
""",
}
