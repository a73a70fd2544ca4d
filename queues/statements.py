"""The hot statements as plain SQL. The ORM builds each one anew, which costs more than running it.

Values go through their fields, so both databases get what the ORM would have sent. Names of tables and columns come
from the models, never from outside.
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from queues.clock import Clock


class Statement(NamedTuple):
    """SQL that ends in a condition, and its parameters."""

    sql: str
    parameters: list[Any]


def select(model: type[models.Model], rest: str, parameters: Sequence[Any] = (), **more: str) -> list[Any]:
    """The rows `FROM its table` + `rest` as objects, each with `more` attributes, given as SQL.

    As `objects.raw`, which thinks about every column anew each time, and takes twice as long.
    """
    columns, names, converters = _reading(model, connection.vendor)
    columns += "".join(f", {sql} AS {name}" for name, sql in more.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {model._meta.db_table} {rest}", parameters)  # noqa: S608
        rows = cursor.fetchall()
    found = []
    for row in map(list, rows):
        for index, convert, column in converters:
            row[index] = convert(row[index], column, connection)
        found.append(model.from_db(connection.alias, names, row[: len(names)]))
        vars(found[-1]).update(zip(more, row[len(names) :], strict=True))
    return found


def find(model: type[models.Model], rest: str = "", **values: Any) -> list[Any]:
    """The objects whose columns equal `values`, as `update` takes them; `rest` is what may follow a WHERE."""
    conditions, wanted = _conditions(model, values)
    return select(model, f"WHERE {conditions} {rest}", wanted)


@functools.cache
def _reading(model: type[models.Model], vendor: str) -> tuple[str, list[str], list[tuple[int, Callable, Any]]]:
    """The columns of its table, the attributes they belong to, and what makes values of some of them."""
    columns, converters = [field.get_col(model._meta.db_table) for field in model._meta.concrete_fields], []
    for index, column in enumerate(columns):
        steps = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
        converters += [(index, convert, column) for convert in steps]
    sql = ", ".join(f"{column.alias}.{column.target.column}" for column in columns)
    return sql, [column.target.attname for column in columns], converters


def update(model: type[models.Model], where: dict[str, Any], **changes: Any) -> Statement:
    """Set `changes` in the rows whose columns equal `where` (None: is NULL; a tuple: is one of)."""
    columns, values = _columns(model, changes)
    conditions, wanted = _conditions(model, where)
    assignments = ", ".join(f"{column} = {sql}" for column, sql in columns.items())
    return Statement(f"UPDATE {model._meta.db_table} SET {assignments} WHERE {conditions}", values + wanted)  # noqa: S608


def insert(model: type[models.Model], **values: Any) -> Statement:
    """Write one row; a column that is not named gets the database's default."""
    columns, prepared = _columns(model, values)
    names, sql = ", ".join(columns), ", ".join(columns.values())
    return Statement(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {sql} WHERE 1 = 1", prepared)  # noqa: S608


def insert_if_new(model: type[models.Model], **values: Any) -> Statement:
    """As `insert`; a row that would break a unique constraint is left out."""
    statement = insert(model, **values)
    return Statement(f"{statement.sql} ON CONFLICT DO NOTHING", statement.parameters)


def run(statement: Statement) -> int:
    """The number of rows that it changed."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.rowcount


def run_if(first: Statement, *then: Statement, at_once: bool = True) -> int | None:
    """Run `first` and, only if it changed a row, the others; the `id` of the last one's row, else None.

    Needs a transaction, unless it is `at_once` on PostgreSQL: that is one statement, one way to the server and back.
    All of it then sees the tables as they were at its beginning, before it waited for a locked row.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql" or not at_once:
            cursor.execute(*first)
            if not cursor.rowcount:
                return None
            for statement in then[:-1]:
                cursor.execute(*statement)
            cursor.execute(then[-1].sql + " RETURNING id", then[-1].parameters)
        else:
            then = [Statement(f"{sql} AND EXISTS (SELECT FROM changed)", parameters) for sql, parameters in then]
            parts = [f"changed AS ({first.sql} RETURNING 1)"]
            parts += [f"part{number} AS ({statement.sql})" for number, statement in enumerate(then[:-1])]
            parameters = [value for statement in (first, *then) for value in statement.parameters]
            cursor.execute(f"WITH {', '.join(parts)} {then[-1].sql} RETURNING id", parameters)
        row = cursor.fetchone()
        return row and row[0]


def save_new(row: models.Model, *then: Statement) -> bool:
    """Write `row`, which is not in the database yet, and run the others, as `run_if`; False, and nothing is written,
    when it would break a unique constraint."""
    written = run_if(insert_if_new(type(row), **columns_of(row)), *then) is not None
    if written:
        mark_saved(row)
    return written


def columns_of(row: models.Model) -> dict[str, Any]:
    """Its values by column, without those that the database gives."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in values.items() if not isinstance(value, DatabaseDefault)}


def mark_saved(row: models.Model) -> None:
    """What the ORM does after an INSERT. Columns that the database gave are read when first used."""
    for name, value in list(vars(row).items()):
        if isinstance(value, DatabaseDefault):
            delattr(row, name)
    row._state.adding, row._state.db = False, connection.alias


def insert_alike(model: type[models.Model], shared: dict[str, Any], **lists: list[Any]) -> None:
    """Write many rows that differ only in the columns of `lists`, one value per row, 500 rows per statement."""
    columns, values = _columns(model, shared)
    fields = [model._meta.get_field(name) for name in lists]
    names = ", ".join([*(field.column for field in fields), *columns])
    sql = ", ".join([*(f"column{number}" for number in range(1, len(fields) + 1)), *columns.values()])
    rows = [
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
        for row in zip(*lists.values(), strict=True)
    ]
    marks = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for batch in (rows[first : first + 500] for first in range(0, len(rows), 500)):
            table = f"(VALUES {', '.join([marks] * len(batch))}) AS line"
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({names}) SELECT {sql} FROM {table}",  # noqa: S608
                [*values, *itertools.chain.from_iterable(batch)],
            )


def update_unlocked(rows: models.QuerySet, **changes: Any) -> None:
    """Set `changes` in up to 1,000 of the rows. A locked one is being changed, or the machine that changes it vanished:
    it waits for the next look, and nobody waits for it."""
    ids = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:1000])
    rows.model.objects.filter(pk__in=ids).update(**changes)


def update_in_order(rows: models.QuerySet, **changes: Any) -> int:
    """Set `changes` in all of the rows, which are locked by their keys first; needs a transaction.

    A bare UPDATE takes them as they lie in the table, which each change rearranges: two of them could hold a row each
    and wait for the other's.
    """
    ids = list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    return rows.model.objects.filter(pk__in=ids).update(**changes)


def locked() -> str:
    """What ends a SELECT that locks its rows and leaves out locked ones. SQLite has one writer, and no such words."""
    return " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""


def _conditions(model: type[models.Model], where: dict[str, Any]) -> tuple[str, list[Any]]:
    """SQL of what `update` takes, and its parameters."""
    conditions, wanted = [], []
    for name, value in where.items():
        field = model._meta.get_field(name)
        if value is None:
            conditions.append(f"{field.column} IS NULL")
            continue
        choices = value if isinstance(value, tuple) else (value,)
        conditions.append(f"{field.column} IN ({', '.join(['%s'] * len(choices))})")
        wanted += [field.get_db_prep_value(choice, connection) for choice in choices]
    return " AND ".join(conditions), wanted


def _columns(model: type[models.Model], values: dict[str, Any]) -> tuple[dict[str, str], list[Any]]:
    """SQL by column, and the parameters of that SQL."""
    columns, parameters = {}, []
    for name, value in values.items():
        field = model._meta.get_field(name)
        columns[field.column] = "%s"
        if isinstance(value, Clock):
            columns[field.column] = value.sql(connection.vendor)
        else:
            parameters.append(field.get_db_prep_save(value, connection))
    return columns, parameters
