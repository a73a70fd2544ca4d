"""The hot statements as plain SQL. The ORM builds each one anew, which costs more than running it.

Values go through their fields, so both databases get what the ORM would have sent. Names of tables and columns come
from the models, never from outside.
"""

from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from queues.clock import Clock


def update(model: type[models.Model], where: dict[str, Any], **changes: Any) -> int:
    """Set `changes` in the rows whose columns equal `where` (None: is NULL; a tuple: is one of). The number of rows."""
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
    with connection.cursor() as cursor:
        cursor.execute(sql, values + wanted)
        return cursor.rowcount


def insert(model: type[models.Model], **values: Any) -> Any:
    """Write one row; a column that is not named gets the database's default. Returns the primary key."""
    columns, prepared = _columns(model, values)
    sql = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {model._meta.pk.column}", prepared)
        return cursor.fetchone()[0]


def insert_new(row: models.Model) -> None:
    """Write `row`, which is not in the database yet. Columns with a database default are read when first used."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    insert(type(row), **{name: value for name, value in values.items() if not isinstance(value, DatabaseDefault)})
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
