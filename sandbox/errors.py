"""What the sandbox refuses: the bot's calls (as Telegram words it) and impossible acts of people."""

from sandbox.wire import Json

STATUS_NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
}


class SandboxError(Exception):
    """Root of everything the sandbox raises on purpose."""


class WorldError(SandboxError):
    """A person tried what Telegram's apps would not let them do; the text says what and why."""


class ConnectionDropped(SandboxError):
    """A fault rule asks for the connection to be cut without an answer."""


class ApiError(SandboxError):
    """A refusal the bot reads: HTTP status, description and, at times, response parameters."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The answer as the Bot API shapes it ("Making requests")."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str) -> ApiError:
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    return ApiError(409, f"Conflict: {text}")


def not_offered(what: str) -> ApiError:
    """Real in Telegram, left out here: better a loud refusal than a silent difference."""
    return ApiError(501, f"Not Implemented: the sandbox does not offer {what}")


def too_many_requests(retry_after_s: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {retry_after_s}", {"retry_after": retry_after_s})


def migrated(new_chat_id: int) -> ApiError:
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )
