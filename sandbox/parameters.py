"""Turns what a request carries into checked, typed parameters; whatever Telegram would not know is refused."""

import json
import math
from collections.abc import Callable
from typing import Any

from sandbox.errors import bad_request, not_offered
from sandbox.files import Upload
from sandbox.shapes import SHAPES, shape_of
from sandbox.signatures import Parameter, Signature
from sandbox.wire import Json

_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no", ""})
#: Parameters that lead into parts of Telegram the sandbox leaves out.
_LEFT_OUT = frozenset(
    {
        "business_connection_id",
        "direct_messages_topic_id",
        "suggested_post_parameters",
        "rich_message",
        "inline_message_id",
        "certificate",
        "live_period",
    }
)
_SCALARS = frozenset({"Integer", "Float", "Boolean", "String", "InputFile"})


def read_parameters(signature: Signature, raw: Json, uploads: dict[str, Upload]) -> Json:
    """Checked parameters of one call.

    `raw` holds text (from forms and queries) or JSON values; `uploads` the files of a multipart body by field
    name. Raises ApiError 400 for unknown, missing and ill-typed parameters, 501 for parts not offered.
    """
    given = {**raw, **{name: upload for name, upload in uploads.items() if name in signature.parameters}}
    unknown = [name for name in given if name not in signature.parameters]
    if unknown:
        raise bad_request(f'{signature.name} has no parameter "{unknown[0]}"')
    read: Json = {}
    for name, value in given.items():
        if value is None:
            continue
        if name in _LEFT_OUT:
            raise not_offered(f"the parameter {name}")
        read[name] = _read(f"{signature.name}: {name}", signature.parameters[name], value, uploads)
    _require(signature.name, signature.parameters, read)
    return read


def _require(owner: str, fields: dict[str, Parameter], read: Json) -> None:
    for name, field in fields.items():
        if field.required and name not in read:
            raise bad_request(_MISSING.get(name, f'{owner}: parameter "{name}" is required'))


_MISSING = {"chat_id": "chat_id is empty", "text": "message text is empty"}


def _read(where: str, parameter: Parameter, value: Any, uploads: dict[str, Upload]) -> Any:
    types = parameter.types
    if types[0] in _SCALARS:
        return _read_scalar(where, types, value, uploads)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad_request(f"{where}: can't parse JSON of type {'|'.join(types)}") from None
    return _read_object(where, types, value, uploads)


def _read_scalar(where: str, types: tuple[str, ...], value: Any, uploads: dict[str, Upload]) -> Any:
    if "InputFile" in types:
        return _read_file(where, types, value, uploads)
    for kind in types:
        found = _SCALAR_READERS[kind](value)
        if found is not None:
            return found
    raise bad_request(f"{where} must be of type {' or '.join(types)}")


def _read_file(where: str, types: tuple[str, ...], value: Any, uploads: dict[str, Upload]) -> Upload | str:
    if isinstance(value, Upload):
        return value
    if isinstance(value, str) and value.startswith("attach://"):
        upload = uploads.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f"{where}: file {value} is not attached")
        return upload
    if isinstance(value, str) and "String" in types:
        return value
    raise bad_request(f"{where} must be a file")


def _integer(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else ""
    if isinstance(value, str) and word in _TRUE | _FALSE:
        return word in _TRUE
    return None


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


_SCALAR_READERS: dict[str, Callable[[Any], Any]] = {
    "Integer": _integer,
    "Float": _number,
    "Boolean": _boolean,
    "String": _string,
}


def _read_object(where: str, types: tuple[str, ...], value: Any, uploads: dict[str, Upload]) -> Any:
    if types[0].endswith("[]"):
        if not isinstance(value, list):
            raise bad_request(f"{where}: array expected")
        inner = Parameter(tuple(name.removesuffix("[]") for name in types), required=True)
        return [_read_item(where, inner, item, uploads) for item in value]
    if types == ("KeyboardButton",) and isinstance(value, str):
        return {"text": value}
    if not isinstance(value, dict):
        raise bad_request(f"{where}: object expected")
    shape = shape_of(types, value)
    fields = SHAPES.get(shape)
    if fields is None:
        return value
    read: Json = {}
    for name, item in value.items():
        if name not in fields:
            raise bad_request(f'{where}: {shape} has no field "{name}"')
        if item is not None:
            read[name] = _read_item(f"{where}: {name}", fields[name], item, uploads)
    for name, field in fields.items():
        if field.required and name not in read:
            raise bad_request(f'{where}: {shape} must have the field "{name}"')
    if shape.startswith("InputMedia"):
        read["media"] = _read_file(f"{where}: media", ("InputFile", "String"), read["media"], uploads)
    return read


def _read_item(where: str, parameter: Parameter, value: Any, uploads: dict[str, Upload]) -> Any:
    """Inside JSON a type is strict: a number is no text."""
    types = parameter.types
    if types[0] in _SCALARS:
        if isinstance(value, str) and "String" not in types:
            raise bad_request(f"{where} must be of type {' or '.join(types)}")
        if "String" in types and isinstance(value, str):
            return value
        return _read_scalar(where, types, value, uploads)
    return _read_object(where, types, value, uploads)
