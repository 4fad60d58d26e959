"""Names and types of the parameters each offered method takes, and which methods exist besides (Bot API 10.1)."""

from dataclasses import dataclass

from sandbox.wire import names

_TARGET = "business_connection_id:String chat_id*:Integer|String message_thread_id:Integer"
_SEND = (
    f"{_TARGET} direct_messages_topic_id:Integer disable_notification:Boolean protect_content:Boolean "
    "allow_paid_broadcast:Boolean message_effect_id:String suggested_post_parameters:SuggestedPostParameters "
    "reply_parameters:ReplyParameters "
    "reply_markup:InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
)
_CAPTION = "caption:String parse_mode:String caption_entities:MessageEntity[]"
_ABOVE = "show_caption_above_media:Boolean"
_THUMBNAIL = "thumbnail:InputFile|String"
_EDIT = (
    "business_connection_id:String chat_id:Integer|String message_id:Integer inline_message_id:String "
    "reply_markup:InlineKeyboardMarkup"
)
_COMMANDS = "scope:BotCommandScope language_code:String"
_TOPIC = "chat_id*:Integer|String message_thread_id*:Integer"

_METHODS = {
    "getMe": "",
    "getUpdates": "offset:Integer limit:Integer timeout:Integer allowed_updates:String[]",
    "setWebhook": "url*:String certificate:InputFile ip_address:String max_connections:Integer "
    "allowed_updates:String[] drop_pending_updates:Boolean secret_token:String",
    "deleteWebhook": "drop_pending_updates:Boolean",
    "getWebhookInfo": "",
    "sendMessage": f"{_SEND} text*:String parse_mode:String entities:MessageEntity[] "
    "link_preview_options:LinkPreviewOptions",
    "sendPhoto": f"{_SEND} photo*:InputFile|String {_CAPTION} {_ABOVE} has_spoiler:Boolean",
    "sendDocument": f"{_SEND} document*:InputFile|String {_THUMBNAIL} {_CAPTION} "
    "disable_content_type_detection:Boolean",
    "sendVoice": f"{_SEND} voice*:InputFile|String {_CAPTION} duration:Integer",
    "sendAudio": f"{_SEND} audio*:InputFile|String {_CAPTION} duration:Integer performer:String title:String "
    f"{_THUMBNAIL}",
    "sendVideo": f"{_SEND} video*:InputFile|String duration:Integer width:Integer height:Integer {_THUMBNAIL} "
    f"cover:InputFile|String start_timestamp:Integer {_CAPTION} {_ABOVE} has_spoiler:Boolean "
    "supports_streaming:Boolean",
    "sendAnimation": f"{_SEND} animation*:InputFile|String duration:Integer width:Integer height:Integer "
    f"{_THUMBNAIL} {_CAPTION} {_ABOVE} has_spoiler:Boolean",
    "sendVideoNote": f"{_SEND} video_note*:InputFile|String duration:Integer length:Integer {_THUMBNAIL}",
    "sendSticker": f"{_SEND} sticker*:InputFile|String emoji:String",
    "sendLocation": f"{_SEND} latitude*:Float longitude*:Float horizontal_accuracy:Float live_period:Integer "
    "heading:Integer proximity_alert_radius:Integer",
    "sendContact": f"{_SEND} phone_number*:String first_name*:String last_name:String vcard:String",
    "sendMediaGroup": f"{_TARGET} direct_messages_topic_id:Integer "
    "media*:InputMediaAudio[]|InputMediaDocument[]|InputMediaLivePhoto[]|InputMediaPhoto[]|InputMediaVideo[] "
    "disable_notification:Boolean protect_content:Boolean allow_paid_broadcast:Boolean message_effect_id:String "
    "reply_parameters:ReplyParameters",
    "sendChatAction": f"{_TARGET} action*:String",
    "editMessageText": f"{_EDIT} text:String parse_mode:String entities:MessageEntity[] "
    "link_preview_options:LinkPreviewOptions rich_message:InputRichMessage",
    "editMessageCaption": f"{_EDIT} {_CAPTION} {_ABOVE}",
    "editMessageReplyMarkup": _EDIT,
    "deleteMessage": "chat_id*:Integer|String message_id*:Integer",
    "answerCallbackQuery": "callback_query_id*:String text:String show_alert:Boolean url:String cache_time:Integer",
    "copyMessage": "chat_id*:Integer|String message_thread_id:Integer direct_messages_topic_id:Integer "
    f"from_chat_id*:Integer|String message_id*:Integer video_start_timestamp:Integer {_CAPTION} {_ABOVE} "
    "disable_notification:Boolean protect_content:Boolean allow_paid_broadcast:Boolean message_effect_id:String "
    "suggested_post_parameters:SuggestedPostParameters reply_parameters:ReplyParameters "
    "reply_markup:InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply",
    "forwardMessage": "chat_id*:Integer|String message_thread_id:Integer direct_messages_topic_id:Integer "
    "from_chat_id*:Integer|String video_start_timestamp:Integer disable_notification:Boolean "
    "protect_content:Boolean message_effect_id:String suggested_post_parameters:SuggestedPostParameters "
    "message_id*:Integer",
    "setMessageReaction": "chat_id*:Integer|String message_id*:Integer reaction:ReactionType[] is_big:Boolean",
    "pinChatMessage": "business_connection_id:String chat_id*:Integer|String message_id*:Integer "
    "disable_notification:Boolean",
    "getFile": "file_id*:String",
    "getChat": "chat_id*:Integer|String",
    "getChatMember": "chat_id*:Integer|String user_id*:Integer",
    "getChatAdministrators": "chat_id*:Integer|String return_bots:Boolean",
    "createForumTopic": "chat_id*:Integer|String name*:String icon_color:Integer icon_custom_emoji_id:String",
    "editForumTopic": f"{_TOPIC} name:String icon_custom_emoji_id:String",
    "closeForumTopic": _TOPIC,
    "reopenForumTopic": _TOPIC,
    "deleteForumTopic": _TOPIC,
    "setMyCommands": f"commands*:BotCommand[] {_COMMANDS}",
    "getMyCommands": _COMMANDS,
    "deleteMyCommands": _COMMANDS,
    "leaveChat": "chat_id*:Integer|String",
}

#: Methods of Telegram that the sandbox answers with 501.
NOT_OFFERED = names(
    """
    addStickerToSet answerChatJoinRequestQuery answerGuestQuery answerInlineQuery answerPreCheckoutQuery
    answerShippingQuery answerWebAppQuery approveChatJoinRequest approveSuggestedPost banChatMember
    banChatSenderChat close closeGeneralForumTopic convertGiftToStars copyMessages createChatInviteLink
    createChatSubscriptionInviteLink createInvoiceLink createNewStickerSet declineChatJoinRequest
    declineSuggestedPost deleteAllMessageReactions deleteBusinessMessages deleteChatPhoto deleteChatStickerSet
    deleteMessageReaction deleteMessages deleteStickerFromSet deleteStickerSet deleteStory editChatInviteLink
    editChatSubscriptionInviteLink editGeneralForumTopic editMessageChecklist editMessageLiveLocation
    editMessageMedia editStory editUserStarSubscription exportChatInviteLink forwardMessages getAvailableGifts
    getBusinessAccountGifts getBusinessAccountStarBalance getBusinessConnection getChatGifts getChatMemberCount
    getChatMenuButton getCustomEmojiStickers getForumTopicIconStickers getGameHighScores
    getManagedBotAccessSettings getManagedBotToken getMyDefaultAdministratorRights getMyDescription getMyName
    getMyShortDescription getMyStarBalance getStarTransactions getStickerSet getUserChatBoosts getUserGifts
    getUserPersonalChatMessages getUserProfileAudios getUserProfilePhotos giftPremiumSubscription
    hideGeneralForumTopic logOut postStory promoteChatMember readBusinessMessage refundStarPayment
    removeBusinessAccountProfilePhoto removeChatVerification removeMyProfilePhoto removeUserVerification
    reopenGeneralForumTopic replaceManagedBotToken replaceStickerInSet repostStory restrictChatMember
    revokeChatInviteLink savePreparedInlineMessage savePreparedKeyboardButton sendChatJoinRequestWebApp
    sendChecklist sendDice sendGame sendGift sendInvoice sendLivePhoto sendMessageDraft sendPaidMedia sendPoll
    sendRichMessage sendRichMessageDraft sendVenue setBusinessAccountBio setBusinessAccountGiftSettings
    setBusinessAccountName setBusinessAccountProfilePhoto setBusinessAccountUsername
    setChatAdministratorCustomTitle setChatDescription setChatMemberTag setChatMenuButton setChatPermissions
    setChatPhoto setChatStickerSet setChatTitle setCustomEmojiStickerSetThumbnail setGameScore
    setManagedBotAccessSettings setMyDefaultAdministratorRights setMyDescription setMyName setMyProfilePhoto
    setMyShortDescription setPassportDataErrors setStickerEmojiList setStickerKeywords setStickerMaskPosition
    setStickerPositionInSet setStickerSetThumbnail setStickerSetTitle setUserEmojiStatus stopMessageLiveLocation
    stopPoll transferBusinessAccountStars transferGift unbanChatMember unbanChatSenderChat unhideGeneralForumTopic
    unpinAllChatMessages unpinAllForumTopicMessages unpinAllGeneralForumTopicMessages unpinChatMessage upgradeGift
    uploadStickerFile verifyChat verifyUser
    """.lower()
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter or object field; `types` as the Bot API names them, `X[]` for "Array of X"."""

    types: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """An offered method under its proper spelling."""

    name: str
    parameters: dict[str, Parameter]


def read_fields(line: str) -> dict[str, Parameter]:
    """Reads `name*:Type|Type …`, where the star marks what is required."""
    fields = {}
    for item in line.split():
        name, _, types = item.partition(":")
        fields[name.rstrip("*")] = Parameter(tuple(types.split("|")), name.endswith("*"))
    return fields


#: Offered methods by lower-case name, as method names are case-insensitive.
SIGNATURES = {name.lower(): Signature(name, read_fields(line)) for name, line in _METHODS.items()}
