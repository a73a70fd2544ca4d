"""The hot statements as plain SQL. The ORM builds each one anew, which costs more than running it.

Values go through their fields, so both databases get what the ORM would have sent. Names of tables and columns come
from the models, never from outside.
"""

from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from queues.clock import Clock


class Statement(NamedTuple):
    """SQL that ends in a condition, and its parameters."""

    sql: str
    parameters: list[Any]


def update(model: type[models.Model], where: dict[str, Any], **changes: Any) -> Statement:
    """Set `changes` in the rows whose columns equal `where` (None: is NULL; a tuple: is one of)."""
    columns, values = _columns(model, changes)
    conditions, wanted = [], []
    for name, value in where.items():
        field = model._meta.get_field(name)
        if value is None:
            conditions.append(f"{field.column} IS NULL")
            continue
        choices = value if isinstance(value, tuple) else (value,)
        conditions.append(f"{field.column} IN ({', '.join(['%s'] * len(choices))})")
        wanted += [field.get_db_prep_value(choice, connection) for choice in choices]
    assignments = ", ".join(f"{column} = {sql}" for column, sql in columns.items())
    sql = f"UPDATE {model._meta.db_table} SET {assignments} WHERE {' AND '.join(conditions)}"  # noqa: S608
    return Statement(sql, values + wanted)


def insert(model: type[models.Model], **values: Any) -> Statement:
    """Write one row; a column that is not named gets the database's default."""
    columns, prepared = _columns(model, values)
    names, sql = ", ".join(columns), ", ".join(columns.values())
    return Statement(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {sql} WHERE 1 = 1", prepared)  # noqa: S608


def run(statement: Statement) -> int:
    """The number of rows that it changed."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.rowcount


def run_if(first: Statement, *then: Statement) -> int | None:
    """Run `first` and, only if it changed a row, the others; the `id` of the last one's row, else None.

    Needs a transaction on SQLite. On PostgreSQL it is one statement: one way to the server and back, and atomic.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
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


def save_new(row: models.Model, *then: Statement) -> None:
    """Write `row`, which is not in the database yet, and run the others; as `run_if`.

    Its columns with a database default are read when first used.
    """
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    given = {name: value for name, value in values.items() if not isinstance(value, DatabaseDefault)}
    run_if(insert(type(row), **given), *then)
    for name, value in values.items():
        if isinstance(value, DatabaseDefault):
            delattr(row, name)
    row._state.adding, row._state.db = False, connection.alias


def locked() -> str:
    """What ends a SELECT that locks its rows and leaves out locked ones. SQLite has one writer, and no such words."""
    return " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""


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
