"""Fields of the objects a bot may pass as parameters, and which of a family an object is (Bot API 10.1)."""

from sandbox.errors import bad_request
from sandbox.signatures import Parameter, read_fields
from sandbox.wire import Json

_MEDIA = "type*:String media*:String caption:String parse_mode:String caption_entities:MessageEntity[]"
_CHAT_SCOPE = "type*:String chat_id*:Integer|String"

_OBJECTS = {
    "ReplyParameters": "message_id*:Integer chat_id:Integer|String allow_sending_without_reply:Boolean quote:String "
    "quote_parse_mode:String quote_entities:MessageEntity[] quote_position:Integer checklist_task_id:Integer "
    "poll_option_id:String",
    "LinkPreviewOptions": "is_disabled:Boolean url:String prefer_small_media:Boolean prefer_large_media:Boolean "
    "show_above_text:Boolean",
    "MessageEntity": "type*:String offset*:Integer length*:Integer url:String user:User language:String "
    "custom_emoji_id:String unix_time:Integer date_time_format:String",
    "InlineKeyboardMarkup": "inline_keyboard*:InlineKeyboardButton[][]",
    "InlineKeyboardButton": "text*:String icon_custom_emoji_id:String style:String url:String callback_data:String "
    "web_app:WebAppInfo login_url:LoginUrl switch_inline_query:String switch_inline_query_current_chat:String "
    "switch_inline_query_chosen_chat:SwitchInlineQueryChosenChat copy_text:CopyTextButton "
    "callback_game:CallbackGame pay:Boolean",
    "ReplyKeyboardMarkup": "keyboard*:KeyboardButton[][] is_persistent:Boolean resize_keyboard:Boolean "
    "one_time_keyboard:Boolean input_field_placeholder:String selective:Boolean",
    "KeyboardButton": "text*:String icon_custom_emoji_id:String style:String "
    "request_users:KeyboardButtonRequestUsers request_chat:KeyboardButtonRequestChat "
    "request_managed_bot:KeyboardButtonRequestManagedBot request_contact:Boolean request_location:Boolean "
    "request_poll:KeyboardButtonPollType web_app:WebAppInfo",
    "ReplyKeyboardRemove": "remove_keyboard*:Boolean selective:Boolean",
    "ForceReply": "force_reply*:Boolean input_field_placeholder:String selective:Boolean",
    "InputMediaPhoto": f"{_MEDIA} show_caption_above_media:Boolean has_spoiler:Boolean",
    "InputMediaVideo": f"{_MEDIA} thumbnail:String cover:String start_timestamp:Integer "
    "show_caption_above_media:Boolean width:Integer height:Integer duration:Integer supports_streaming:Boolean "
    "has_spoiler:Boolean",
    "InputMediaDocument": f"{_MEDIA} thumbnail:String disable_content_type_detection:Boolean",
    "InputMediaAudio": f"{_MEDIA} thumbnail:String duration:Integer performer:String title:String",
    "BotCommand": "command*:String description*:String",
    "BotCommandScopeDefault": "type*:String",
    "BotCommandScopeAllPrivateChats": "type*:String",
    "BotCommandScopeAllGroupChats": "type*:String",
    "BotCommandScopeAllChatAdministrators": "type*:String",
    "BotCommandScopeChat": _CHAT_SCOPE,
    "BotCommandScopeChatAdministrators": _CHAT_SCOPE,
    "BotCommandScopeChatMember": f"{_CHAT_SCOPE} user_id*:Integer",
    "ReactionTypeEmoji": "type*:String emoji*:String",
    "ReactionTypeCustomEmoji": "type*:String custom_emoji_id*:String",
    "ReactionTypePaid": "type*:String",
    "CopyTextButton": "text*:String",
}

#: Objects of the parameters the sandbox understands, by type name.
SHAPES: dict[str, dict[str, Parameter]] = {name: read_fields(line) for name, line in _OBJECTS.items()}

_BY_TYPE_FIELD = {
    "BotCommandScope": {
        "default": "BotCommandScopeDefault",
        "all_private_chats": "BotCommandScopeAllPrivateChats",
        "all_group_chats": "BotCommandScopeAllGroupChats",
        "all_chat_administrators": "BotCommandScopeAllChatAdministrators",
        "chat": "BotCommandScopeChat",
        "chat_administrators": "BotCommandScopeChatAdministrators",
        "chat_member": "BotCommandScopeChatMember",
    },
    "ReactionType": {
        "emoji": "ReactionTypeEmoji",
        "custom_emoji": "ReactionTypeCustomEmoji",
        "paid": "ReactionTypePaid",
    },
}
_INPUT_MEDIA = {
    "photo": "InputMediaPhoto",
    "video": "InputMediaVideo",
    "document": "InputMediaDocument",
    "audio": "InputMediaAudio",
    "live_photo": "InputMediaLivePhoto",
}
_MARKUP_BY_FIELD = {
    "inline_keyboard": "InlineKeyboardMarkup",
    "keyboard": "ReplyKeyboardMarkup",
    "remove_keyboard": "ReplyKeyboardRemove",
    "force_reply": "ForceReply",
}


def shape_of(types: tuple[str, ...], value: Json) -> str:
    """Which of the allowed object types `value` is; raises ApiError 400 when it is none of them."""
    if types[0] in _BY_TYPE_FIELD:
        chosen = _BY_TYPE_FIELD[types[0]].get(str(value.get("type")))
    elif types[0].startswith("InputMedia"):
        chosen = _INPUT_MEDIA.get(str(value.get("type")))
    elif len(types) > 1:
        chosen = next((name for field, name in _MARKUP_BY_FIELD.items() if field in value), None)
    else:
        return types[0]
    if chosen is None or (types[0] not in _BY_TYPE_FIELD and chosen not in types):
        raise bad_request(f"can't parse {types[0]}: unknown kind of object with fields {sorted(value)}")
    return chosen
